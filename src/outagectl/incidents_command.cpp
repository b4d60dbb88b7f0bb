#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/units.hpp"
#include "outagectl/commands.hpp"
#include "outagectl/exit_code.hpp"
#include "serve/documents.hpp"
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
    return serve::incidents_document(reader, view, view.now - *age, open_only);
  });
  if (!document) return complain(document.error().reason, kUnreachable);
  if (context.json) {
    print_json(document->body);
  } else {
    fmt::print("{}", serve::render_incidents(document->body["incidents"], {context.color}));
  }
  return kOk;
}

int incident_show(const Context& context, std::int64_t id) {
  auto document = fetch(context.source, "/api/v1/incidents/" + std::to_string(id), [&](store::Reader& reader) {
    const auto found = reader.incident(IncidentId{id});
    return found ? serve::json_form(*found, wall_clock_now()) : nlohmann::json();
  });
  if (!document) return complain(document.error().reason, document.error().status == 404 ? kBadData : kUnreachable);
  if (document->body.is_null()) return complain(fmt::format("there is no incident {}", id), kBadData);
  if (context.json) {
    print_json(document->body);
  } else {
    fmt::print("{}", serve::render_incident(document->body, {context.color}));
  }
  return kOk;
}

}  // namespace outaged::ctl
