#include "detect/weekly_curve.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

#include "base/encoding.hpp"

namespace outaged::detect {
namespace {

constexpr double kStep = 1.0 / 1024;  ///< a tenth of a per cent; the largest deviation is a factor of e^32
constexpr std::int64_t kDay = 24;
/// With fewer answers an hour is not learned: its mean would be chance.
constexpr int kLeastAnswers = 6;
/// The mean of less than a day is not yet that of a week.
constexpr double kFirstDay = 24;
/// Older weeks are forgotten.
constexpr int kMostWeeks = 8;
/// As how many weeks that have told of an hour the hour of the day counts, and beside that, as how many days, nothing
/// at all. Little: what is learned is off by a tenth, and an answer is slow only at twice the usual time.
constexpr double kOtherDays = 0.5;
constexpr double kNothing = 0.5;

std::int64_t hour_of(WallTime when) {
  return std::chrono::floor<std::chrono::hours>(when).time_since_epoch().count();
}

/// Weeks are counted from the epoch, which was a Thursday.
std::size_t place_of(std::int64_t hour, std::int64_t period) {
  return static_cast<std::size_t>(((hour % period) + period) % period);
}

}  // namespace

double WeeklyCurve::at(WallTime when) const {
  if (known_ < kFirstDay) return 0;
  // What was learned of an hour is told of its middle; between two middles it goes over evenly.
  const WallTime later = when + std::chrono::minutes{30};
  const std::int64_t next = hour_of(later);
  const double part =
      std::chrono::duration<double, std::ratio<3600>>(later.time_since_epoch()).count() - static_cast<double>(next);
  return usual(next - 1) * (1 - part) + usual(next) * part;
}

double WeeklyCurve::usual(std::int64_t hour) const {
  double sum = 0;
  double days = 0;
  for (std::size_t i = place_of(hour, kDay); i < kHours; i += kDay) {
    sum += hours_.at(i).weeks * hours_.at(i).deviation;
    days += hours_.at(i).weeks;
  }
  const Hour& own = hours_.at(place_of(hour, kHours));
  const double of_day = sum / (days + kNothing);
  return kStep * (own.weeks * own.deviation + kOtherDays * of_day) / (own.weeks + kOtherDays);
}

void WeeklyCurve::learn(WallTime when, double x) {
  const std::int64_t hour = hour_of(when);
  if (hour != hour_) {
    take_hour();
    hour_ = hour;
    sum_ = 0;
    answers_ = 0;
  }
  sum_ += x;
  ++answers_;
}

void WeeklyCurve::take_hour() {
  if (answers_ < kLeastAnswers) return;
  const double x = sum_ / answers_;
  known_ = std::min(known_ + 1, static_cast<double>(kHours));
  mean_ += (x - mean_) / known_;
  if (known_ < kFirstDay) return;
  Hour& one = hours_.at(place_of(hour_, kHours));
  one.weeks = static_cast<std::uint8_t>(std::min(one.weeks + 1, kMostWeeks));
  const double off = (x - mean_) / kStep - one.deviation;
  const double next = std::round(one.deviation + off / one.weeks);
  one.deviation = static_cast<std::int16_t>(std::clamp(next, -32767.0, 32767.0));
}

/// The hours as two bytes and one each, in base64; nothing while none is known, as of most probes that are new.
nlohmann::json WeeklyCurve::save() const {
  std::string bytes;
  if (known_ >= kFirstDay) {
    for (const Hour& one : hours_) {
      const auto deviation = static_cast<std::uint16_t>(one.deviation);
      bytes += {static_cast<char>(deviation >> 8U), static_cast<char>(deviation & 0xFFU), static_cast<char>(one.weeks)};
    }
  }
  return {base64_encode(bytes), mean_, known_, hour_, sum_, answers_};
}

void WeeklyCurve::load(const nlohmann::json& saved) {
  const auto bytes = base64_decode(saved.at(0).get<std::string>());
  if (!bytes || (!bytes->empty() && bytes->size() != kHours * 3)) {
    throw std::invalid_argument("a weekly curve of another length in the saved state");
  }
  hours_ = {};
  for (std::size_t i = 0; i * 3 < bytes->size(); ++i) {
    const auto byte = [&](std::size_t k) {
      return static_cast<unsigned>(static_cast<unsigned char>((*bytes)[i * 3 + k]));
    };
    hours_.at(i).deviation = static_cast<std::int16_t>(byte(0) << 8U | byte(1));
    hours_.at(i).weeks = static_cast<std::uint8_t>(std::min(byte(2), static_cast<unsigned>(kMostWeeks)));
  }
  mean_ = saved.at(1).get<double>();
  known_ = saved.at(2).get<double>();
  hour_ = saved.at(3).get<std::int64_t>();
  sum_ = saved.at(4).get<double>();
  answers_ = saved.at(5).get<int>();
}

}  // namespace outaged::detect
