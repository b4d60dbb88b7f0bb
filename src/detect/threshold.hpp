#pragma once
// From "how often may it be wrong" to the threshold of an entry test (sequential_test.hpp).
//
// In health a sum rises from zero only at a failed result, by ln(p1 / p0). By Wald's inequality (A. Wald, "Sequential
// tests of statistical hypotheses", Ann. Math. Stat. 16, 1945) it then reaches h before it returns to zero with
// probability at most e^-(h - ln(p1/p0)) = (p1/p0) e^-h. Of n results a year n p0 fail, so the sum of one outage rate
// p1 crosses at most n p1 e^-h times a year, whatever p0 is; all of them together n (sum of p1) e^-h times. Hence
//     h = ln(n (sum of p1) / false alarms a year).
// A bound within the model of health, not a forecast: what the model does not know (a target gone for a minute, our own
// network) is kept out by other means, and is measured (docs/detection.md).
#include "base/clock.hpp"

namespace outaged::detect {

/// `results_a_year`: how many results the test sees; above zero. `false_alarms`: how often a year it may cross in
/// health; above zero. In nats, never below 2.
double entry_threshold(double results_a_year, double false_alarms);

/// How many results a probe of this interval gives in a year of 365 days.
double results_a_year(Micros interval);

}  // namespace outaged::detect
