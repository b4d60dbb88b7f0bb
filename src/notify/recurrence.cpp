#include "notify/recurrence.hpp"

#include <algorithm>
#include <array>

#include "base/number.hpp"
#include "base/units.hpp"

namespace outaged::notify {
namespace {

using std::chrono::days;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::weekday;
using std::chrono::year_month_day;

constexpr Micros kHorizon = days{731};

constexpr std::array<std::string_view, 7> kWeekdays = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(by);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<int> integer(std::string_view text, int min, int max) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto value = parse_number<int>(text);
  return value && *value >= min && *value <= max ? value : std::nullopt;
}

/// "SU", "1SU", "-1FR".
std::optional<Recurrence::Day> parse_day(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  const auto name = std::ranges::find(kWeekdays, text.substr(text.size() - 2));
  if (name == kWeekdays.end()) return std::nullopt;
  Recurrence::Day day{weekday{static_cast<unsigned>(name - kWeekdays.begin())}, 0};
  text.remove_suffix(2);
  if (text.empty()) return day;
  const auto ordinal = integer(text, -5, 5);
  if (!ordinal || *ordinal == 0) return std::nullopt;
  day.ordinal = *ordinal;
  return day;
}

/// "20261231T230000Z" or "20261231".
std::optional<WallTime> parse_until(std::string_view text) {
  if (text.size() != 8 && text.size() != 16) return std::nullopt;
  std::string time{text.substr(0, 4)};
  time += '-' + std::string{text.substr(4, 2)} + '-' + std::string{text.substr(6, 2)} + 'T';
  if (text.size() == 8) return parse_time(time + "23:59:59Z");
  if (text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  return parse_time(time + std::string{text.substr(9, 2)} + ':' + std::string{text.substr(11, 2)} + ':' +
                    std::string{text.substr(13, 2)} + 'Z');
}

/// Takes one "NAME=VALUE"; returns what is wrong, or "".
std::string take(std::string_view name, std::string_view value, Recurrence& rule) {
  const auto wrong = [&](const char* allowed) {
    return std::string{name} + "=" + std::string{value} + ": allowed is " + allowed;
  };
  if (name == "FREQ") {
    if (value == "DAILY") return rule.frequency = Recurrence::Frequency::daily, "";
    if (value == "WEEKLY") return rule.frequency = Recurrence::Frequency::weekly, "";
    if (value == "MONTHLY") return rule.frequency = Recurrence::Frequency::monthly, "";
    return wrong("DAILY, WEEKLY or MONTHLY");
  }
  if (name == "INTERVAL") {
    const auto interval = integer(value, 1, 1000);
    if (!interval) return wrong("1 to 1000");
    rule.interval = *interval;
  } else if (name == "COUNT") {
    rule.count = integer(value, 1, 100'000);
    if (!rule.count) return wrong("1 to 100000");
  } else if (name == "UNTIL") {
    rule.until = parse_until(value);
    if (!rule.until) return wrong("a time such as 20261231T230000Z");
  } else if (name == "BYDAY") {
    for (const auto part : split(value, ',')) {
      const auto day = parse_day(part);
      if (!day) return wrong("days such as MO,TU or 1SU or -1FR");
      rule.days.push_back(*day);
    }
  } else if (name == "BYMONTHDAY") {
    for (const auto part : split(value, ',')) {
      const auto day = integer(part, -31, 31);
      if (!day || *day == 0) return wrong("1 to 31, or -1 for the last day");
      rule.month_days.push_back(*day);
    }
  } else {
    return std::string{name} + " is not known: FREQ, INTERVAL, BYDAY, BYMONTHDAY, COUNT, UNTIL are";
  }
  return "";
}

/// Dates of one period (a day, a week, a month) that the rule names, in order.
void add_week(const Recurrence& rule, sys_days first, weekday own, std::vector<sys_days>& out) {
  for (int i = 0; i < 7; ++i) {
    const sys_days date = first + days{i};
    const auto is = [&](const Recurrence::Day& day) { return day.weekday == weekday{date}; };
    if (rule.days.empty() ? weekday{date} == own : std::ranges::any_of(rule.days, is)) out.push_back(date);
  }
}

bool is_nth(const Recurrence::Day& day, sys_days date, unsigned month_length) {
  if (day.weekday != weekday{date}) return false;
  const unsigned number{year_month_day{date}.day()};
  if (day.ordinal > 0) return static_cast<int>((number - 1) / 7 + 1) == day.ordinal;
  if (day.ordinal < 0) return -static_cast<int>((month_length - number) / 7 + 1) == day.ordinal;
  return true;
}

void add_month(const Recurrence& rule, std::chrono::year_month month, std::chrono::day own,
               std::vector<sys_days>& out) {
  const unsigned length{year_month_day{month / std::chrono::last}.day()};
  for (unsigned number = 1; number <= length; ++number) {
    const sys_days date{month / std::chrono::day{number}};
    const auto on_day = [&](const Recurrence::Day& day) { return is_nth(day, date, length); };
    const auto on_number = [&](int day) {
      return day > 0 ? static_cast<int>(number) == day : static_cast<int>(number) == static_cast<int>(length) + 1 + day;
    };
    const bool named = !rule.days.empty() || !rule.month_days.empty();
    const bool matches = (rule.days.empty() || std::ranges::any_of(rule.days, on_day)) &&
                         (rule.month_days.empty() || std::ranges::any_of(rule.month_days, on_number));
    if (named ? matches : std::chrono::day{number} == own) out.push_back(date);
  }
}

/// The dates of the rule from `first` to `last`. `first` itself counts only when the rule names it.
std::vector<sys_days> dates(const Recurrence& rule, sys_days first, sys_days last) {
  std::vector<sys_days> out;
  const year_month_day begin{first};
  const weekday own{first};
  const auto room = [&] { return !rule.count || out.size() < static_cast<std::size_t>(*rule.count); };
  for (int period = 0; room(); period += rule.interval) {
    std::vector<sys_days> some;
    sys_days earliest;
    switch (rule.frequency) {
      case Recurrence::Frequency::daily: {
        earliest = first + days{period};
        const auto is = [&](const Recurrence::Day& day) { return day.weekday == weekday{earliest}; };
        if (rule.days.empty() || std::ranges::any_of(rule.days, is)) some.push_back(earliest);
        break;
      }
      case Recurrence::Frequency::weekly:
        earliest = first - (own - std::chrono::Monday) + days{7 * period};
        add_week(rule, earliest, own, some);
        break;
      case Recurrence::Frequency::monthly: {
        const auto month = begin.year() / begin.month() + months{period};
        earliest = sys_days{month / std::chrono::day{1}};
        add_month(rule, month, begin.day(), some);
        break;
      }
    }
    if (earliest > last) break;
    for (const auto date : some) {
      if (date >= first && date <= last && room()) out.push_back(date);
    }
  }
  return out;
}

}  // namespace

Expected<Recurrence, std::string> parse_recurrence(std::string_view text) {
  Recurrence rule;
  bool frequency = false;
  if (text.starts_with("RRULE:")) text.remove_prefix(6);
  for (const auto part : split(text, ';')) {
    const auto equals = part.find('=');
    if (equals == std::string_view::npos)
      return Unexpected{"\"" + std::string{part} + "\" is not NAME=VALUE, as in FREQ=WEEKLY;BYDAY=SU"};
    frequency = frequency || part.starts_with("FREQ=");
    if (auto wrong = take(part.substr(0, equals), part.substr(equals + 1), rule); !wrong.empty())
      return Unexpected{std::move(wrong)};
  }
  if (!frequency) return Unexpected{std::string{"FREQ is missing, as in FREQ=WEEKLY;BYDAY=SU"}};
  const auto ordinal = [](const Recurrence::Day& day) { return day.ordinal != 0; };
  if (rule.frequency != Recurrence::Frequency::monthly &&
      (!rule.month_days.empty() || std::ranges::any_of(rule.days, ordinal)))
    return Unexpected{std::string{"days of a month (1SU, BYMONTHDAY) need FREQ=MONTHLY"}};
  return rule;
}

std::vector<Window> windows(const store::Maintenance& maintenance, WallTime from, WallTime to) {
  std::vector<Window> out;
  const auto add = [&](WallTime begins) {
    const Window window{begins, begins + maintenance.duration};
    if (window.begins <= to && window.ends > from) out.push_back(window);
  };
  if (maintenance.rule.empty()) {
    add(maintenance.begins);
    return out;
  }
  const auto rule = parse_recurrence(maintenance.rule);
  const auto zone = Zone::find(maintenance.zone);
  if (!rule || !zone) return out;
  const CivilTime first = zone->civil(maintenance.begins);
  const sys_days last{zone->civil(to).date};
  // Moments are looked up only for dates that can matter; a zone is at most a day away from UTC.
  const auto earliest = std::chrono::floor<days>(from - maintenance.duration) - days{2};
  for (const auto date : dates(*rule, sys_days{first.date}, last)) {
    if (date < earliest) continue;
    const WallTime begins = zone->moment(year_month_day{date}, first.since_midnight);
    if (rule->until && begins > *rule->until) break;
    add(begins);
  }
  return out;
}

std::optional<Window> window_at(const store::Maintenance& maintenance, WallTime now) {
  if (maintenance.ended && *maintenance.ended <= now) return std::nullopt;
  for (const auto& window : windows(maintenance, now, now)) {
    if (window.begins <= now && now < window.ends) return window;
  }
  return std::nullopt;
}

std::optional<Window> next_window(const store::Maintenance& maintenance, WallTime now) {
  if (maintenance.ended && *maintenance.ended <= now) return std::nullopt;
  for (const auto& window : windows(maintenance, now, now + kHorizon)) {
    if (window.begins > now) return window;
  }
  return std::nullopt;
}

}  // namespace outaged::notify
