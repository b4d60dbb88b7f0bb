#include "base/units.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace outaged {
namespace {

using namespace std::chrono_literals;

struct Unit {
  std::string_view name;
  std::uint64_t size;
};

// From large to small; "m" must be tried after "ms" when reading.
constexpr std::array<Unit, 6> kDurationUnits{
    {{"d", 86'400'000'000}, {"h", 3'600'000'000}, {"m", 60'000'000}, {"s", 1'000'000}, {"ms", 1'000}, {"us", 1}}};
constexpr std::array<Unit, 5> kByteUnits{
    {{"TiB", 1ULL << 40}, {"GiB", 1ULL << 30}, {"MiB", 1ULL << 20}, {"KiB", 1ULL << 10}, {"B", 1}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// One "number unit" at the front of `text`, removed from it.
struct Term {
  std::uint64_t amount;
  std::size_t unit;
};
template <std::size_t N>
std::optional<Term> take_term(std::string_view& text, const std::array<Unit, N>& units) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  std::size_t letters = 0;
  while (letters < text.size() && !is_digit(text[letters])) ++letters;
  const std::string_view name = text.substr(0, letters);
  text.remove_prefix(letters);
  for (std::size_t i = 0; i < N; ++i) {
    if (units[i].name != name) continue;
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / units[i].size)
      return std::nullopt;
    return Term{number * units[i].size, i};
  }
  return std::nullopt;
}

std::optional<unsigned> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  unsigned value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (!is_digit(text[i])) return std::nullopt;
    value = value * 10 + static_cast<unsigned>(text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, std::string_view one_of) {
  if (text.empty() || one_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

struct TimeOfDay {
  unsigned hour, minute, second;
  Micros fraction;
};

std::optional<TimeOfDay> take_time_of_day(std::string_view& text) {
  const auto hour = take_number(text, 2);
  if (!hour || !take(text, ":")) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || !take(text, ":")) return std::nullopt;
  const auto second = take_number(text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  Micros fraction{0};
  if (take(text, ".")) {
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
    for (Micros weight{100'000}; !text.empty() && is_digit(text.front()); weight /= 10) {
      fraction += weight * (text.front() - '0');
      text.remove_prefix(1);
    }
  }
  return TimeOfDay{*hour, *minute, *second, fraction};
}

std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
  if (take(text, "Zz")) return 0min;
  const bool east = text.starts_with('+');
  if (!take(text, "+-")) return std::nullopt;
  const auto hours = take_number(text, 2);
  if (!hours || !take(text, ":")) return std::nullopt;
  const auto minutes = take_number(text, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const auto offset = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
  return east ? offset : -offset;
}

struct Parts {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<Micros> clock;
};
Parts split(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  return {std::chrono::year_month_day{day}, std::chrono::hh_mm_ss<Micros>{time - day}};
}

}  // namespace

std::optional<Micros> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::uint64_t total = 0;
  std::size_t next_unit = 0;
  while (!text.empty()) {
    const auto term = take_term(text, kDurationUnits);
    if (!term || term->unit < next_unit) return std::nullopt;
    next_unit = term->unit + 1;
    total += term->amount;
    if (total > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
  }
  return Micros{static_cast<std::int64_t>(total)};
}

std::string format_duration(Micros duration) {
  if (duration.count() == 0) return "0s";
  std::string text = duration.count() < 0 ? "-" : "";
  // Through unsigned, so that the most negative value has a magnitude too.
  auto rest = duration.count() < 0 ? 0 - static_cast<std::uint64_t>(duration.count())
                                   : static_cast<std::uint64_t>(duration.count());
  for (const Unit& unit : kDurationUnits) {
    if (rest >= unit.size) text += fmt::format("{}{}", rest / unit.size, unit.name);
    rest %= unit.size;
  }
  return text;
}

std::string format_duration_rounded(Micros duration) {
  if (duration < 1ms) return format_duration(duration);
  auto rest = static_cast<std::uint64_t>(duration.count());
  std::string text;
  int shown = 0;
  for (const Unit& unit : kDurationUnits) {
    if (shown > 0 && (shown == 2 || unit.size < 1'000'000)) break;
    if (rest >= unit.size) {
      text += fmt::format("{}{}{}", text.empty() ? "" : " ", rest / unit.size, unit.name);
      ++shown;
    } else if (shown > 0) {
      break;
    }
    rest %= unit.size;
  }
  return text;
}

std::optional<Bytes> parse_bytes(std::string_view text) {
  const auto term = take_term(text, kByteUnits);
  if (!term || !text.empty()) return std::nullopt;
  return Bytes{term->amount};
}

std::string format_bytes(Bytes bytes) {
  for (const Unit& unit : kByteUnits) {
    if (bytes.count >= unit.size && bytes.count % unit.size == 0)
      return fmt::format("{}{}", bytes.count / unit.size, unit.name);
  }
  return "0B";
}

std::optional<WallTime> parse_time(std::string_view text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, "-")) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, "-")) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day || !take(text, "Tt ")) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)}, std::chrono::month{*month},
                                         std::chrono::day{*day}};
  const auto clock = take_time_of_day(text);
  if (!clock || !date.ok()) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return WallTime{std::chrono::sys_days{date}} + std::chrono::hours{clock->hour} + std::chrono::minutes{clock->minute} +
         std::chrono::seconds{clock->second} + clock->fraction - *offset;
}

std::string format_time(WallTime time) {
  const auto [date, clock] = split(time);
  const auto fraction = clock.subseconds().count();
  std::string decimals;
  if (fraction % 1000 != 0) {
    decimals = fmt::format(".{:06}", fraction);
  } else if (fraction != 0) {
    decimals = fmt::format(".{:03}", fraction / 1000);
  }
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), decimals);
}

std::string format_clock(WallTime time) {
  const auto clock = split(time).clock;
  return fmt::format("{:02}:{:02}", clock.hours().count(), clock.minutes().count());
}

std::string format_date(WallTime time) {
  const auto date = split(time).date;
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

}  // namespace outaged
