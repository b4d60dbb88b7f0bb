#include <optional>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/units.hpp"
#include "outagectl/commands.hpp"
#include "outagectl/exit_code.hpp"
#include "serve/documents.hpp"
#include "serve/incident_report.hpp"
#include "serve/json_forms.hpp"
#include "serve/status_text.hpp"

namespace outaged::ctl {

int incidents(const Context& context, bool open_only, const std::string& since) {
  const auto age = parse_duration(since);
  if (!age) return complain("--since takes a duration such as 30d, not \"" + since + "\"", kUsage);
  const auto target = "/api/v1/incidents?since=" + url_encode(since) + (open_only ? "&open" : "");
  auto document = fetch(context.source, target, [&](store::Reader& reader) {
    serve::View view;
    view.now = wall_clock_now();
    serve::IncidentQuery query;
    query.since = view.now - *age;
    query.open_only = open_only;
    return serve::incidents_document(reader, view, query);
  });
  if (!document) return complain(document.error().reason, code_of(document.error().status));
  if (context.json) {
    print_json(document->body);
  } else {
    fmt::print("{}", serve::render_incidents(document->body["incidents"], {context.color}));
  }
  return kOk;
}

namespace {

/// The incident, or nothing after a complaint with the exit code.
std::optional<nlohmann::json> find_incident(const Context& context, std::int64_t id, int& code) {
  auto document = fetch(context.source, "/api/v1/incidents/" + std::to_string(id), [&](store::Reader& reader) {
    const auto found = reader.incident(IncidentId{id});
    return found ? serve::json_form(*found, wall_clock_now()) : nlohmann::json();
  });
  if (!document) {
    code = complain(document.error().reason, code_of(document.error().status));
    return std::nullopt;
  }
  if (document->body.is_null()) {
    code = complain(fmt::format("there is no incident {}", id), kBadData);
    return std::nullopt;
  }
  return std::move(document->body);
}

}  // namespace

int incident_show(const Context& context, std::int64_t id) {
  int code = kOk;
  const auto incident = find_incident(context, id, code);
  if (!incident) return code;
  if (context.json) {
    print_json(*incident);
  } else {
    fmt::print("{}", serve::render_incident(*incident, {context.color}));
  }
  return kOk;
}

int incident_report(const Context& context, std::int64_t id) {
  int code = kOk;
  const auto incident = find_incident(context, id, code);
  if (!incident) return code;
  if (context.json) {
    print_json(*incident);
  } else {
    fmt::print("{}", serve::incident_report(*incident));
  }
  return kOk;
}

int incident_change(const Context& context, std::int64_t id, const std::string& deed, const std::string& text,
                    const std::string& by) {
  nlohmann::json body = {{"text", text}};
  if (!by.empty()) body["by"] = by;
  const auto changed = change(context.source, fmt::format("/api/v1/incidents/{}/{}", id, deed), body);
  if (!changed) {
    const auto& error = changed.error();
    if (error.status == 0)
      return complain(error.reason + "; incidents can only be changed while it runs", kUnreachable);
    return complain(error.reason, code_of(error.status));
  }
  if (context.json) {
    print_json(changed->body);
  } else {
    fmt::print("{}", serve::render_incident(changed->body, {context.color}));
  }
  return kOk;
}

}  // namespace outaged::ctl
