#include "outagesim/http_message.hpp"

#include <fmt/format.h>

#include "base/encoding.hpp"

namespace outaged::sim {
namespace {

constexpr std::size_t kMaxPairs = 256;
constexpr std::size_t kMaxParts = 64;

/// The value of `key="…"` or `key=…` in a header such as Content-Disposition.
std::optional<std::string> parameter(std::string_view header, std::string_view key) {
  const std::string folded = lower_case(header);
  for (std::size_t at = folded.find(key); at != std::string::npos; at = folded.find(key, at + 1)) {
    const bool begins = at == 0 || folded[at - 1] == ' ' || folded[at - 1] == ';';
    const std::size_t equals = at + key.size();
    if (!begins || equals >= header.size() || header[equals] != '=') continue;
    std::string_view rest = header.substr(equals + 1);
    if (rest.starts_with('"')) {
      rest.remove_prefix(1);
      return std::string(rest.substr(0, rest.find('"')));
    }
    return std::string(rest.substr(0, rest.find(';')));
  }
  return std::nullopt;
}

std::optional<FormPart> parse_part(std::string_view text) {
  const auto end = text.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  FormPart part;
  part.content_type = "text/plain";
  part.content = std::string(text.substr(end + 4));
  std::string_view head = text.substr(0, end);
  bool named = false;
  while (!head.empty()) {
    const auto line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(std::min(head.size(), line.size() + 2));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string name = lower_case(line.substr(0, colon));
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    if (name == "content-disposition") {
      const auto field = parameter(value, "name");
      if (!field) return std::nullopt;
      part.name = *field;
      part.file_name = parameter(value, "filename");
      named = true;
    } else if (name == "content-type") {
      part.content_type = std::string(value);
    }
  }
  return named ? std::optional(std::move(part)) : std::nullopt;
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

Reply text_reply(unsigned status, std::string content_type, std::string body) {
  Reply reply;
  reply.status = status;
  reply.headers.emplace_back("Content-Type", std::move(content_type));
  reply.body = std::move(body);
  return reply;
}

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> out;
  while (!path.empty()) {
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), segment.size() + 1));
    if (!segment.empty()) out.push_back(url_decode(segment, false));
  }
  return out;
}

std::map<std::string, std::string> parse_form(std::string_view text) {
  std::map<std::string, std::string> out;
  for (std::size_t pairs = 0; !text.empty() && pairs < kMaxPairs; ++pairs) {
    const auto pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    const auto equals = std::min(pair.find('='), pair.size());
    if (pair.empty()) continue;
    const auto value = equals < pair.size() ? pair.substr(equals + 1) : std::string_view{};
    out[url_decode(pair.substr(0, equals), true)] = url_decode(value, true);
  }
  return out;
}

std::optional<std::vector<FormPart>> parse_multipart(std::string_view content_type, std::string_view body) {
  const auto boundary = parameter(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > 200) return std::nullopt;
  const std::string first = "--" + *boundary;
  const std::string next = "\r\n" + first;
  if (!body.starts_with(first)) return std::nullopt;
  body.remove_prefix(first.size());
  std::vector<FormPart> parts;
  while (body.starts_with("\r\n") && parts.size() < kMaxParts) {
    body.remove_prefix(2);
    const auto end = body.find(next);
    if (end == std::string_view::npos) return std::nullopt;
    auto part = parse_part(body.substr(0, end));
    if (!part) return std::nullopt;
    parts.push_back(std::move(*part));
    body.remove_prefix(end + next.size());
  }
  if (!body.starts_with("--")) return std::nullopt;
  return parts;
}

std::string_view reason_phrase(unsigned status) {
  switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Payload Too Large";
    case 416: return "Range Not Satisfiable";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "Unknown";
  }
}

std::string head_of(const Reply& reply) {
  std::string head = fmt::format("HTTP/1.1 {} {}\r\n", reply.status, reason_phrase(reply.status));
  for (const auto& [name, value] : reply.headers) head.append(name).append(": ").append(value).append("\r\n");
  if (reply.status != 204) head += fmt::format("Content-Length: {}\r\n", reply.body.size());
  return head + (reply.last ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n");
}

}  // namespace outaged::sim
