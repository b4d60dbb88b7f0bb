#pragma once
// Text forms of quantities: durations ("500ms", "1h30m"), sizes ("64KiB"), times (RFC 3339 UTC).
// Used by every file, wire format and person-facing text, so that one value has one spelling.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace outaged {

/// A number of bytes.
struct Bytes {
  std::uint64_t count = 0;
  auto operator<=>(const Bytes&) const = default;
};

/// "250us", "500ms", "30s", "5m", "1h", "30d", and sums from large to small such as "1h30m". No sign, no spaces, no
/// fractions; a bare number has no unit and is refused. Nothing on overflow or any other text.
std::optional<Micros> parse_duration(std::string_view text);

/// The shortest text that parse_duration reads back as exactly `duration`; "0s" for none. Negative durations get "-".
std::string format_duration(Micros duration);

/// For people: at most the two largest units, rounded down: "11h 9m", "42s", "380ms".
std::string format_duration_rounded(Micros duration);

/// "0B", "512B", "64KiB", "1MiB", "2GiB". Nothing on overflow or any other text.
std::optional<Bytes> parse_bytes(std::string_view text);
std::string format_bytes(Bytes bytes);

/// RFC 3339 with "Z" or a numeric offset; fractions beyond microseconds are cut off. Checks the calendar.
std::optional<WallTime> parse_time(std::string_view text);

/// RFC 3339 UTC: "2019-07-03T14:02:00Z", with milliseconds or microseconds only where they are not zero.
std::string format_time(WallTime time);

/// For people: "14:02" and "2019-07-03", UTC.
std::string format_clock(WallTime time);
std::string format_date(WallTime time);

}  // namespace outaged
