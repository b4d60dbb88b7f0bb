#include "probe/pattern.hpp"

namespace outaged::probe {

std::optional<std::string> Pattern::find(std::string_view text) const {
  if (!expression_) return std::nullopt;
  re2::StringPiece groups[2];
  const int count = expression_->NumberOfCapturingGroups() > 0 ? 2 : 1;
  if (!expression_->Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, groups, count)) return std::nullopt;
  return std::string{groups[count - 1].data(), groups[count - 1].size()};
}

const json::Shape<Pattern>& pattern_shape() {
  static const auto shape = json::converted<Pattern, std::string>(
      json::nonempty_text(),
      [](const std::string& text, const json::Cursor& cursor) -> std::optional<Pattern> {
        re2::RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(1 << 20);
        auto expression = std::make_shared<const re2::RE2>(text, options);
        if (expression->ok()) return Pattern{std::move(expression)};
        cursor.fault("text \"" + text + "\"", "a regular expression: " + expression->error());
        return std::nullopt;
      },
      [](const Pattern& value) { return value.written(); });
  return shape;
}

}  // namespace outaged::probe
