// Maintenance as an iCalendar object.
#include <doctest/doctest.h>

#include "serve/maintenance.hpp"
#include "store/sample.hpp"

using namespace outaged;
using namespace outaged::serve;
using namespace std::chrono_literals;

namespace {

MaintenanceWindow window(std::string title) {
  return {7, {"whatsapp", "*"}, std::move(title), test::base_time(), test::base_time() + 90min};
}

std::string calendar_with(std::string title) {
  return calendar({window(std::move(title))}, "home", "http://status.example", test::base_time() + 30min);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// RFC 5545, section 3.1: as a reader puts the lines together again.
std::string unfolded(std::string text) {
  for (auto at = text.find("\r\n "); at != std::string::npos; at = text.find("\r\n ", at)) text.erase(at, 3);
  return text;
}

}  // namespace

TEST_CASE("a maintenance is an event with its times, its words and an id that stays") {
  const auto text = calendar_with("New disks");
  CHECK(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"));
  CHECK(text.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
  for (const char* line : {"DTSTAMP:20190703T140000Z", "DTSTART:20190703T140000Z", "DTEND:20190703T153000Z",
                           "SUMMARY:New disks", "DESCRIPTION:whatsapp/*", "URL:http://status.example/"})
    CHECK_MESSAGE(has(text, "\r\n" + std::string{line} + "\r\n"), line);
  CHECK(has(text, "\r\nUID:maintenance-7-20190703T140000Z@"));
  const auto later = calendar({window("New disks")}, "home", "http://status.example", test::base_time() + 59min);
  CHECK(text == later);
}

TEST_CASE("nothing in a title ends its line or its value") {
  const auto text = calendar_with("a;b,c\\d\ne\r\nEND:VEVENT\x01");
  CHECK(has(text, "\r\nSUMMARY:a\\;b\\,c\\\\d\\ne\\nEND:VEVENT\r\n"));
}

TEST_CASE("no line has more than 75 octets, and none is cut within a character") {
  std::string title;
  for (int i = 0; i < 60; ++i) title += i % 2 == 0 ? "\xC3\xA8" : "\xE2\x82\xAC";
  const auto text = calendar_with("x" + title);
  for (std::size_t from = 0; from < text.size();) {
    const auto end = text.find("\r\n", from);
    REQUIRE(end != std::string::npos);
    CHECK(end - from <= 75);
    const auto first = static_cast<unsigned char>(text[text[from] == ' ' ? from + 1 : from]);
    CHECK((first & 0xC0U) != 0x80U);
    from = end + 2;
  }
  CHECK(has(unfolded(text), "\r\nSUMMARY:x" + title + "\r\n"));
}

TEST_CASE("a calendar without maintenance is a calendar") {
  const auto text = calendar({}, "home", "", test::base_time());
  CHECK(has(text, "END:VCALENDAR"));
  CHECK_FALSE(has(text, "VEVENT"));
}
