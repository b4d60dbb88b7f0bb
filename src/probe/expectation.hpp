#pragma once
// Is this answer what a healthy platform says? Pure.
#include <optional>

#include "core/result.hpp"
#include "net/dns.hpp"
#include "probe/answer.hpp"

namespace outaged::probe {

/// The first expectation that does not hold, as the failure it means when no rule says otherwise (classify.hpp):
/// status → http "status_404", or "gateway_503" for what a gateway says in place of the platform (a step that follows
/// redirects makes "too_many_redirects" of one too many); headers → http "header"; json → api "not_json", "json"; body
/// → content "body", "too_small", "too_large"; sha256 → content "sha256"; media → content "not_an_image",
/// "image_too_small", or kOtherMedia (classify.hpp); certificate → tls "certificate_ends_soon". `now` is for the
/// certificate.
std::optional<Failure> unmet(const Expectation& expectation, const Answer& answer, const RunValues& values,
                             WallTime now);

/// The same for a dns step: dns "rcode", "too_few_records", "unexpected_record".
std::optional<Failure> unmet(const Expectation& expectation, const net::DnsAnswer& answer);

/// The beginning of a body and what came with it, printable, for a person who has to understand a failure.
std::string evidence(const net::HttpExchange& exchange);

}  // namespace outaged::probe
