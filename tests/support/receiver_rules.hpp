#pragma once
// What Slack's incoming webhooks and Telegram's Bot API accept, as their documentation has it, and how they refuse the
// rest. Written against those documents and not against src/notify, so that the two can disagree.
#include <string>
#include <utility>
#include <vector>

namespace outaged::test {

struct Answer {
  unsigned status = 200;
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  enum class Manner { respond, close, stall } manner = Manner::respond;  ///< close, stall: no answer at all
};

/// Slack's answer to the body of a POST to a webhook. Text that Slack would turn into a mention of everybody, of a user
/// or of a channel is refused too ("mention"): no message of ours may hold one.
Answer slack_answer(const std::string& body);

/// Telegram's answer to the body of sendMessage; `message_id` is that of the message if it is accepted.
Answer telegram_answer(const std::string& body, int message_id);

/// Telegram's answer to the body of editMessageText, for a chat with the messages 1 to `last_message_id`.
Answer telegram_edit_answer(const std::string& body, int last_message_id);

/// Telegram's reading of HTML: the text that is left and what is wrong with it ("" when nothing).
struct ParsedHtml {
  std::string text;
  std::string fault;
};
ParsedHtml parse_telegram_html(const std::string& html);

/// Length of UTF-8 text in UTF-16 units.
std::size_t utf16_units(const std::string& text);

}  // namespace outaged::test
