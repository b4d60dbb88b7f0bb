#include "support/receiver_rules.hpp"

#include <map>
#include <regex>
#include <set>

#include <nlohmann/json.hpp>

namespace outaged::test {
namespace {

using Json = nlohmann::json;

Answer slack_error(const std::string& word) {
  return {400, word, {{"Content-Type", "text/html"}}};
}

bool is_text(const Json& object, const std::string& type, std::size_t limit) {
  if (!object.is_object() || !object.contains("type") || !object.contains("text") || !object["text"].is_string())
    return false;
  if (!type.empty() && object["type"] != type) return false;
  if (object["type"] != "plain_text" && object["type"] != "mrkdwn") return false;
  if (object["type"] == "plain_text" && object.contains("verbatim")) return false;
  if (object["type"] == "mrkdwn" && object.contains("emoji")) return false;
  const std::size_t length = utf16_units(object["text"]);
  return length >= 1 && length <= limit;
}

bool is_section(const Json& block) {
  if (!block.contains("text") && !block.contains("fields")) return false;
  if (block.contains("text") && !is_text(block["text"], "", 3000)) return false;
  if (!block.contains("fields")) return true;
  if (!block["fields"].is_array() || block["fields"].empty() || block["fields"].size() > 10) return false;
  for (const auto& field : block["fields"]) {
    if (!is_text(field, "", 2000)) return false;
  }
  return true;
}

bool is_context(const Json& block) {
  if (!block.contains("elements") || !block["elements"].is_array()) return false;
  const auto& elements = block["elements"];
  if (elements.empty() || elements.size() > 10) return false;
  for (const auto& element : elements) {
    if (!is_text(element, "", 2000)) return false;
  }
  return true;
}

bool is_block(const Json& block) {
  if (!block.is_object() || !block.contains("type")) return false;
  if (block["type"] == "divider") return true;
  if (block["type"] == "header") return block.contains("text") && is_text(block["text"], "plain_text", 150);
  if (block["type"] == "section") return is_section(block);
  if (block["type"] == "context") return is_context(block);
  return false;
}

/// Every "<" begins a link or a mention, every "&" an entity; only links to http(s) are allowed here.
std::string markup_fault(const std::string& text) {
  static const std::regex entity{"&(?!amp;|lt;|gt;)"};
  static const std::regex special{"<[!@#][^>]*>"};
  static const std::regex link{R"(<https?://[^<>|\s]+(\|[^<>]*)?>)"};
  if (std::regex_search(text, entity)) return "unescaped_ampersand";
  if (std::regex_search(text, special)) return "mention";
  const std::string rest = std::regex_replace(text, link, "");
  return rest.find_first_of("<>") == std::string::npos ? "" : "unescaped_angle";
}

std::string markup_fault_in(const Json& value) {
  if (value.is_string()) return markup_fault(value);
  if (!value.is_structured()) return "";
  for (const auto& inner : value) {
    if (auto fault = markup_fault_in(inner); !fault.empty()) return fault;
  }
  return "";
}

Answer telegram_error(unsigned code, const std::string& description) {
  return {code,
          Json{{"ok", false}, {"error_code", code}, {"description", description}}.dump(),
          {{"Content-Type", "application/json"}}};
}

/// One "<…>" of Telegram's HTML. Returns the fault, or "".
std::string take_tag(const std::string& tag, std::vector<std::string>& open) {
  static const std::set<std::string> plain = {"b", "strong", "i",   "em",   "u",  "ins",
                                              "s", "strike", "del", "code", "pre"};
  static const std::regex anchor{"a href=\"[^\"<>]*\""};
  if (tag.starts_with('/')) {
    if (open.empty() || open.back() != tag.substr(1)) return "unexpected end tag " + tag;
    open.pop_back();
    return "";
  }
  if (plain.contains(tag)) {
    open.push_back(tag);
    return "";
  }
  if (std::regex_match(tag, anchor)) {
    open.emplace_back("a");
    return "";
  }
  return "unsupported start tag \"" + tag + "\"";
}

}  // namespace

std::size_t utf16_units(const std::string& text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) == 0x80U) continue;
    units += byte >= 0xF0 ? 2 : 1;
  }
  return units;
}

Answer slack_answer(const std::string& body) {
  const Json payload = Json::parse(body, nullptr, false);
  if (!payload.is_object()) return slack_error("invalid_payload");
  if (!payload.contains("text") || !payload["text"].is_string() || payload["text"].get<std::string>().empty())
    return slack_error("no_text");
  if (utf16_units(payload["text"]) >= 4000) return slack_error("msg_too_long");
  if (payload.contains("blocks")) {
    const auto& blocks = payload["blocks"];
    if (!blocks.is_array() || blocks.empty() || blocks.size() > 50) return slack_error("invalid_blocks");
    for (const auto& block : blocks) {
      if (!is_block(block)) return slack_error("invalid_blocks");
    }
  }
  if (const auto fault = markup_fault_in(payload); !fault.empty()) return slack_error(fault);
  return {200, "ok", {{"Content-Type", "text/html"}}};
}

ParsedHtml parse_telegram_html(const std::string& html) {
  static const std::map<std::string, std::string> entities = {
      {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}};
  ParsedHtml parsed;
  std::vector<std::string> open;
  for (std::size_t i = 0; i < html.size();) {
    if (html[i] == '<') {
      const auto end = html.find('>', i);
      if (end == std::string::npos) return {parsed.text, "unclosed start tag"};
      if (auto fault = take_tag(html.substr(i + 1, end - i - 1), open); !fault.empty()) return {parsed.text, fault};
      i = end + 1;
    } else if (html[i] == '&') {
      const auto end = html.find(';', i);
      const auto found = end == std::string::npos ? entities.end() : entities.find(html.substr(i, end - i + 1));
      if (found == entities.end()) return {parsed.text, "unknown entity"};
      parsed.text += found->second;
      i = end + 1;
    } else {
      parsed.text += html[i++];
    }
  }
  if (!open.empty()) parsed.fault = "can't find end tag corresponding to start tag " + open.back();
  return parsed;
}

Answer telegram_answer(const std::string& body, int message_id) {
  const Json request = Json::parse(body, nullptr, false);
  if (!request.is_object()) return telegram_error(400, "Bad Request: can't parse JSON object");
  if (!request.contains("chat_id") || !(request["chat_id"].is_string() || request["chat_id"].is_number_integer()))
    return telegram_error(400, "Bad Request: chat_id is empty");
  if (!request.contains("text") || !request["text"].is_string() || request["text"].get<std::string>().empty())
    return telegram_error(400, "Bad Request: message text is empty");
  std::string text = request["text"];
  if (request.value("parse_mode", "") == "HTML") {
    const auto parsed = parse_telegram_html(text);
    if (!parsed.fault.empty()) return telegram_error(400, "Bad Request: can't parse entities: " + parsed.fault);
    text = parsed.text;
  }
  if (utf16_units(text) > 4096) return telegram_error(400, "Bad Request: message is too long");
  if (request.contains("message_thread_id") && !request["message_thread_id"].is_number_integer())
    return telegram_error(400, "Bad Request: message thread not found");
  const Json result = {{"message_id", message_id}, {"chat", {{"id", request["chat_id"]}}}, {"text", text}};
  return {200, Json{{"ok", true}, {"result", result}}.dump(), {{"Content-Type", "application/json"}}};
}

Answer telegram_edit_answer(const std::string& body, int last_message_id) {
  const Json request = Json::parse(body, nullptr, false);
  if (!request.is_object() || !request.contains("message_id") || !request["message_id"].is_number_integer())
    return telegram_error(400, "Bad Request: message identifier is not specified");
  const int id = request["message_id"];
  if (id < 1 || id > last_message_id) return telegram_error(400, "Bad Request: message to edit not found");
  if (request.contains("message_thread_id") || request.contains("reply_parameters"))
    return telegram_error(400, "Bad Request: unexpected parameter");
  return telegram_answer(body, id);
}

}  // namespace outaged::test
