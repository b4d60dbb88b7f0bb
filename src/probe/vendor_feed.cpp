// RSS 2.0 and Atom: the newest entries of a feed of news. Not a whole XML parser: elements are found by name, entities
// are the five of XML and numbers, nothing is included or expanded from elsewhere.
#include <algorithm>

#include "base/encoding.hpp"
#include "base/number.hpp"
#include "probe/vendor_claims.hpp"

namespace outaged::probe {
namespace {

constexpr std::size_t kMostEntries = 50;
constexpr std::size_t kLongestValue = 4096;

bool ends_name(char c) {
  return c == '>' || c == '/' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// What stands in the first element `name` at or after `from`, and where it ends.
struct Element {
  std::string_view content;
  std::size_t end = 0;
};
std::optional<Element> find_element(std::string_view text, std::string_view name, std::size_t from = 0) {
  const std::string open = "<" + std::string{name};
  const std::string close = "</" + std::string{name} + ">";
  for (auto at = text.find(open, from); at != std::string_view::npos; at = text.find(open, at + 1)) {
    const auto after = at + open.size();
    if (after >= text.size() || !ends_name(text[after])) continue;
    const auto begin = text.find('>', after);
    if (begin == std::string_view::npos) return std::nullopt;
    if (text[begin - 1] == '/') return Element{{}, begin + 1};
    const auto end = text.find(close, begin);
    if (end == std::string_view::npos) return std::nullopt;
    return Element{text.substr(begin + 1, end - begin - 1), end + close.size()};
  }
  return std::nullopt;
}

/// The character that "&name;" means; '?' for one that is not plain ASCII, nothing when it is none.
std::optional<char> entity(std::string_view name) {
  if (name == "amp") return '&';
  if (name == "lt") return '<';
  if (name == "gt") return '>';
  if (name == "quot") return '"';
  if (name == "apos") return '\'';
  if (name.size() < 2 || name.front() != '#') return std::nullopt;
  const bool hexadecimal = name[1] == 'x';
  name.remove_prefix(hexadecimal ? 2 : 1);
  const auto value = parse_number<unsigned>(name, hexadecimal ? 16 : 10);
  if (!value) return std::nullopt;
  return *value >= 32 && *value < 127 ? static_cast<char>(*value) : '?';
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto end = text[i] == '&' ? text.find(';', i) : std::string_view::npos;
    const auto meant =
        end == std::string_view::npos || end - i > 10 ? std::nullopt : entity(text.substr(i + 1, end - i - 1));
    out += meant.value_or(text[i]);
    if (meant) i = end;
  }
  return out;
}

/// Without "<…>".
std::string without_markup(std::string_view text) {
  std::string out;
  bool inside = false;
  for (const char c : text) {
    if (c == '<') inside = true;
    if (!inside) out += c;
    if (c == '>' && inside) {
      inside = false;
      out += ' ';
    }
  }
  return out;
}

/// An element's text: CDATA as it stands, entities decoded, no markup.
std::string text_of(std::string_view entry, std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    const auto found = find_element(entry, name);
    if (!found) continue;
    auto content = found->content.substr(0, kLongestValue);
    const auto first = std::min(content.find_first_not_of(" \t\r\n"), content.size());
    content.remove_prefix(first);
    constexpr std::string_view kOpen = "<![CDATA[";
    if (content.starts_with(kOpen)) {
      content.remove_prefix(kOpen.size());
      return without_markup(content.substr(0, content.find("]]>")));
    }
    return without_markup(decoded(content));
  }
  return {};
}

struct Entry {
  std::string title;
  std::string text;
  std::optional<WallTime> at;
};

std::vector<Entry> entries_of(std::string_view body, std::string_view element) {
  std::vector<Entry> out;
  std::size_t from = 0;
  while (out.size() < kMostEntries) {
    const auto found = find_element(body, element, from);
    if (!found) break;
    from = found->end;
    const auto& content = found->content;
    out.push_back({text_of(content, {"title"}), text_of(content, {"description", "summary", "content"}),
                   time_in(text_of(content, {"pubDate", "updated", "published"}))});
  }
  return out;
}

}  // namespace

/// A feed tells news, not states: of entries with one title the newest counts.
Expected<std::vector<VendorClaim>, std::string> read_feed(const VendorPage& page, std::string_view body) {
  const bool rss = body.find("<rss") != std::string_view::npos;
  if (!rss && body.find("<feed") == std::string_view::npos)
    return Unexpected{std::string{"it is neither RSS nor Atom"}};
  VendorClaims claims(page);
  const auto* platforms = claims.platforms_of("*", "*");
  if (platforms == nullptr) return Unexpected{std::string{"\"concerns\" has no \"*\", which a feed needs"}};
  auto entries = entries_of(body, rss ? "item" : "entry");
  std::ranges::stable_sort(entries, std::ranges::greater{},
                           [](const Entry& entry) { return entry.at.value_or(WallTime{}); });
  for (const auto& entry : entries) {
    // The newest words are of the text; those in the title may be of its beginning.
    auto state = state_in(entry.text);
    if (state == VendorState::unclear) state = state_in(entry.title);
    claims.add(entry.title, *platforms, state, entry.text.empty() ? entry.title : entry.text, entry.at);
  }
  return claims.take();
}

}  // namespace outaged::probe
