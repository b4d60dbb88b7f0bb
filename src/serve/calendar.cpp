#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/units.hpp"
#include "serve/maintenance.hpp"

namespace outaged::serve {
namespace {

/// Section 3.1: octets of a line, its end not counted.
constexpr std::size_t kLongestLine = 75;

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Appends the line, folded, and never within a character of UTF-8.
void add_line(std::string& out, std::string_view line) {
  std::size_t room = kLongestLine;
  while (line.size() > room) {
    std::size_t cut = room;
    while (cut > 1 && continues_character(line[cut])) --cut;
    out.append(line.substr(0, cut)).append("\r\n ");
    line.remove_prefix(cut);
    room = kLongestLine - 1;
  }
  out.append(line).append("\r\n");
}

/// A value of type TEXT (section 3.3.11); controls have no place in it.
std::string text_value(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == ';' || c == ',') out += '\\';
    if (c == '\n') out += "\\n";
    if (static_cast<unsigned char>(c) >= 0x20U && c != '\x7f') out += c;
  }
  return out;
}

/// "20261206T020000Z".
std::string date_time(WallTime time) {
  auto text = format_time(std::chrono::floor<std::chrono::seconds>(time));
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

}  // namespace

std::string calendar(const std::vector<MaintenanceWindow>& windows, const std::string& site, const std::string& address,
                     WallTime now) {
  constexpr std::size_t kDigits = 12;
  const auto whose = sha256_hex(site).substr(0, kDigits);
  std::string out;
  for (const auto& line :
       {std::string{"BEGIN:VCALENDAR"}, std::string{"VERSION:2.0"}, std::string{"PRODID:-//outaged//outaged//EN"},
        "X-WR-CALNAME:" + text_value("Maintenance, " + site)})
    add_line(out, line);
  for (const auto& window : windows) {
    const auto begins = date_time(window.begins);
    const auto components = text_value(to_string(window.components));
    add_line(out, "BEGIN:VEVENT");
    add_line(out, fmt::format("UID:maintenance-{}-{}@{}.outaged", window.id, begins, whose));
    add_line(out, "DTSTAMP:" + date_time(std::chrono::floor<std::chrono::hours>(now)));
    add_line(out, "DTSTART:" + begins);
    add_line(out, "DTEND:" + date_time(window.ends));
    add_line(out, "SUMMARY:" + (window.title.empty() ? "Maintenance: " + components : text_value(window.title)));
    add_line(out, "DESCRIPTION:" + components);
    if (!address.empty()) add_line(out, "URL:" + address + "/");
    add_line(out, "TRANSP:TRANSPARENT");
    add_line(out, "END:VEVENT");
  }
  add_line(out, "END:VCALENDAR");
  return out;
}

}  // namespace outaged::serve
