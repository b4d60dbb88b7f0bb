#include "outagesim/graph/call.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "base/json/parse.hpp"
#include "base/json/write.hpp"
#include "base/number.hpp"

namespace outaged::sim::graph {
namespace {

bool is_version(std::string_view text) {
  if (text.size() < 4 || text[0] != 'v') return false;
  const auto dot = text.find('.');
  const auto digits = [](std::string_view part) {
    return !part.empty() && part.size() <= 3 && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
  };
  return dot != std::string_view::npos && digits(text.substr(1, dot - 1)) && digits(text.substr(dot + 1));
}

void take_json(Call& call, std::string_view body) {
  const auto value = json::parse_untrusted(body, 16);
  if (!value || !value->is_object()) {
    call.well_formed = false;
    return;
  }
  for (const auto& [key, content] : value->items())
    call.parameters[key] = content.is_string() ? content.get<std::string>() : json::written(content);
}

void take_multipart(Call& call, std::string_view content_type, std::string_view body) {
  auto parts = parse_multipart(content_type, body);
  if (!parts) {
    call.well_formed = false;
    return;
  }
  for (auto& part : *parts) {
    if (part.file_name) {
      call.files.push_back(std::move(part));
    } else {
      call.parameters[part.name] = std::move(part.content);
    }
  }
}

}  // namespace

std::optional<std::uint64_t> Call::number(const std::string& name) const {
  return parse_number<std::uint64_t>(parameter(name));
}

std::optional<std::string> bearer_of(const Request& request) {
  const auto value = request.header("authorization");
  const auto space = value.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string scheme = lower_case(value.substr(0, space));
  if (scheme != "bearer" && scheme != "oauth") return std::nullopt;
  return std::string(value.substr(space + 1));
}

Call parse_call(const Request& request) {
  Call call;
  call.request = &request;
  call.method = request.method;
  call.host = request.host;
  call.path = split_path(request.path);
  if (!call.path.empty() && is_version(call.path.front())) {
    call.version = call.path.front();
    call.path.erase(call.path.begin());
  }
  call.parameters = request.query;
  // Meta's own client sends a body with GET; it counts like the query.
  const auto content_type = request.header("content-type");
  if (content_type.starts_with("application/json")) {
    if (!request.body.empty()) take_json(call, request.body);
  } else if (content_type.starts_with("application/x-www-form-urlencoded")) {
    for (auto& [key, value] : parse_form(request.body)) call.parameters[key] = value;
  } else if (content_type.starts_with("multipart/form-data")) {
    take_multipart(call, content_type, request.body);
  }
  call.token = bearer_of(request);
  if (!call.token && call.has("access_token")) call.token = call.parameter("access_token");
  return call;
}

}  // namespace outaged::sim::graph
