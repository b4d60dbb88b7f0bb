#include "base/json/layout.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace outaged::json {
namespace {

constexpr auto kNowhere = std::string_view::npos;

/// Walks over the tokens of a text; blanks and comments are none.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text), layout_{std::string{text}, std::nullopt} {}

  Layout to_the_end() && {
    while (at_ < text_.size()) {
      if (!pass_blank()) take_token();
    }
    return std::move(layout_);
  }

 private:
  bool pass_blank() {
    const auto rest = text_.substr(at_);
    if (rest.starts_with("//")) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (rest.starts_with("/*")) {
      const auto end = text_.find("*/", at_ + 2);
      const auto next = end == kNowhere ? text_.size() : end + 2;
      line_ += static_cast<std::size_t>(std::ranges::count(text_.substr(at_, next - at_), '\n'));
      at_ = next;
    } else if (rest[0] == '\n' || rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r') {
      line_ += static_cast<std::size_t>(rest[0] == '\n');
      ++at_;
    } else {
      return false;
    }
    return true;
  }

  void take_token() {
    const char c = text_[at_];
    const bool closes = c == '}' || c == ']';
    if (closes && before_ == ',' && follows_entry_) layout_.text[comma_at_] = ' ';
    if (c == ',') {
      comma_at_ = at_;
      follows_entry_ = before_ != ',' && before_ != '{' && before_ != '[' && before_ != '\0';
    }
    if (c == '{') objects_.emplace_back();
    if (c == '}' && !objects_.empty()) objects_.pop_back();
    if (c == ':' && before_ == '"') note_key();
    before_ = c;
    if (c == '"') return take_text();
    ++at_;
  }

  void take_text() {
    const auto begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2U : 1U;
    at_ = std::min(at_, text_.size());
    last_text_ = text_.substr(begin, at_ - begin);
    last_line_ = line_;
    ++at_;
  }

  void note_key() {
    if (objects_.empty() || layout_.twice) return;
    const auto [known, is_new] = objects_.back().emplace(last_text_, last_line_);
    if (!is_new) layout_.twice = TwiceGiven{std::string{last_text_}, known->second, last_line_};
  }

  std::string_view text_;
  Layout layout_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  char before_ = '\0';  ///< how the last token began
  std::size_t comma_at_ = 0;
  bool follows_entry_ = false;  ///< that comma, as opposed to one that nothing stands before
  std::string_view last_text_;
  std::size_t last_line_ = 0;
  std::vector<std::map<std::string_view, std::size_t>> objects_;
};

}  // namespace

Layout layout_of(std::string_view text) {
  return Walk{text}.to_the_end();
}

}  // namespace outaged::json
