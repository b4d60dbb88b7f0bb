#include "outagectl/source.hpp"

#include <SQLiteCpp/Exception.h>
#include <fmt/format.h>

#include "base/json/write.hpp"
#include "outagectl/daemon_client.hpp"

namespace outaged::ctl {
namespace {

std::string words_of(const nlohmann::json& problem) {
  const auto text = [&problem](const char* key) {
    const auto found = problem.is_object() ? problem.find(key) : problem.end();
    return found != problem.end() && found->is_string() ? found->get<std::string>() : std::string{};
  };
  const auto detail = text("detail");
  return detail.empty() ? text("title") : detail;
}

constexpr unsigned kForbidden = 403;

NoDocument no_document(const Unreachable& why) {
  return {why.reason, why.denied ? kForbidden : 0};
}

}  // namespace

ExitCode code_of(unsigned status) {
  if (status == 0 || status >= 500) return kUnreachable;
  return status == 401 || status == 403 ? kNotPermitted : kBadData;
}

Expected<Document, NoDocument> change(const Source& source, const std::string& target, const nlohmann::json& body,
                                      Micros timeout) {
  auto answer = DaemonClient(source.socket).request("POST", target, timeout, body.is_null() ? "" : json::written(body));
  if (!answer) return Unexpected{no_document(answer.error())};
  if (answer->status >= 200 && answer->status < 300) return Document{std::move(answer->body), true};
  return Unexpected{NoDocument{words_of(answer->body), answer->status}};
}

Expected<Document, NoDocument> fetch(const Source& source, const std::string& target,
                                     const std::function<nlohmann::json(store::Reader&)>& from_file) {
  auto answer = DaemonClient(source.socket).request("GET", target);
  if (answer) {
    if (answer->status == 200) return Document{std::move(answer->body), true};
    return Unexpected{NoDocument{words_of(answer->body), answer->status}};
  }
  if (!answer.error().no_daemon) return Unexpected{no_document(answer.error())};
  auto reader = store::Reader::open(source.database);
  if (!reader) return Unexpected{NoDocument{answer.error().reason + ". " + reader.error()}};
  try {
    Document document{from_file(*reader), false};
    fmt::print(stderr, "outagectl: no daemon answers on {}; this was read from {}\n", source.socket, source.database);
    return document;
  } catch (const SQLite::Exception& error) {
    return Unexpected{NoDocument{source.database + " cannot be read: " + error.what()}};
  }
}

}  // namespace outaged::ctl
