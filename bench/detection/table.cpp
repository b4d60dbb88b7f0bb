#include "detection/table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace outaged::bench {
namespace {

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::ranges::sort(values);
  const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size())));
  return values[std::clamp<std::size_t>(rank, 1, values.size()) - 1];
}

}  // namespace

void Row::add(const Score& score) {
  detect_.push_back(score.detect.value_or(std::numeric_limits<double>::infinity()));
  if (score.recover) recover_.push_back(*score.recover);
  covered_.push_back(score.covered);
  missed_ += score.detect ? 0 : 1;
  never_closed_ += score.recover || !score.detect ? 0 : 1;
  early_ += score.early_all_clear ? 1 : 0;
  strangers_ += score.strangers;
  incidents_ += score.incidents;
  messages_ += score.messages;
  all_clears_ += score.all_clears;
  named_ += score.named;
  right_ += score.right;
  hit_ += score.hit;
}

std::string Row::head() {
  return fmt::format("{:36} {:>11} {:>11} {:>7} {:>6} {:>9} {:>8} {:>6} {:>9} {:>6} {:>5} {:>5} {:>4}", "stream",
                     "TTD 50/90 s", "TTR 50/90 m", "covered", "missed", "incidents", "messages", "closed", "precision",
                     "recall", "early", "false", "open");
}

std::string Row::text() const {
  const auto count = static_cast<double>(detect_.size());
  return fmt::format(
      "{:36} {:>5.0f} {:>5.0f} {:>5.1f} {:>5.1f} {:>6.1f}% {:>6} {:>9.2f} {:>8.2f} {:>6.2f} {:>9.3f} {:>6.3f} {:>5} "
      "{:>5} {:>4}",
      name_, quantile(detect_, 0.5), quantile(detect_, 0.9), quantile(recover_, 0.5) / 60, quantile(recover_, 0.9) / 60,
      100 * quantile(covered_, 0.5), missed_, incidents_ / count, messages_ / count, all_clears_ / count,
      named_ == 0 ? 0 : right_ / named_, right_ / hit_, early_, strangers_, never_closed_);
}

}  // namespace outaged::bench
