#include "probe/http_request.hpp"

#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "base/json/write.hpp"

namespace outaged::probe {
namespace {

std::string encoded_pairs(const std::map<std::string, TextTemplate>& pairs, const RunValues& values) {
  std::string out;
  for (const auto& [name, value] : pairs)
    out += (out.empty() ? "" : "&") + url_encode(name) + "=" + url_encode(value.render(values));
  return out;
}

std::string json_body(const HttpStep& step, const RunValues& values) {
  json::Json body = *step.json;
  for (const auto& [pointer, text] : step.json_texts) body[json::Json::json_pointer(pointer)] = text.render(values);
  return json::written(body);
}

/// RFC 7578. The boundary is derived from the content, so that it cannot occur in it by accident.
struct Multipart {
  std::string boundary;
  std::string body;
};
Multipart multipart_body(const std::vector<MultipartField>& fields, const RunValues& values) {
  std::string all;
  for (const auto& field : fields) all += field.media ? values.media->sha256 : field.value->render(values);
  Multipart out{"outaged-" + sha256_hex(all).substr(0, 32), {}};
  for (const auto& field : fields) {
    out.body += "--" + out.boundary + "\r\nContent-Disposition: form-data; name=\"" + field.name + "\"";
    if (field.media) {
      out.body += "; filename=\"" + values.media->file_name + "\"\r\nContent-Type: " + values.media->type;
    }
    out.body += "\r\n\r\n" + (field.media ? values.media->content : field.value->render(values)) + "\r\n";
  }
  out.body += "--" + out.boundary + "--\r\n";
  return out;
}

void set_body(const HttpStep& step, const RunValues& values, net::HttpRequest& request) {
  const auto typed = [&request](std::string type, std::string body) {
    request.headers.emplace_back("Content-Type", std::move(type));
    request.body = std::move(body);
  };
  if (step.multipart) {
    auto multipart = multipart_body(*step.multipart, values);
    typed("multipart/form-data; boundary=" + multipart.boundary, std::move(multipart.body));
  } else if (step.media) {
    typed(values.media->type, values.media->content);
  } else if (step.json) {
    typed("application/json", json_body(step, values));
  } else if (step.form) {
    typed("application/x-www-form-urlencoded", encoded_pairs(*step.form, values));
  } else if (step.body) {
    request.body = step.body->render(values);
  }
}

}  // namespace

net::HttpRequest build_request(const HttpStep& step, const RunValues& values) {
  net::HttpRequest request;
  request.method = step.method;
  request.url = step.url.render(values);
  request.max_body = step.read_at_most.value_or(step.max_body);
  request.cut_at_max_body = step.read_at_most.has_value();
  if (!step.query.empty())
    request.url += (request.url.find('?') == std::string::npos ? "?" : "&") + encoded_pairs(step.query, values);
  for (const auto& [name, value] : step.headers) request.headers.emplace_back(name, value.render(values));
  set_body(step, values, request);
  return request;
}

}  // namespace outaged::probe
