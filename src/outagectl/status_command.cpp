#include <cstdio>

#include <fmt/format.h>
#include <poll.h>

#include "base/encoding.hpp"
#include "outagectl/commands.hpp"
#include "outagectl/exit_code.hpp"
#include "outagectl/known.hpp"
#include "serve/documents.hpp"
#include "serve/status_text.hpp"

namespace outaged::ctl {
namespace {

constexpr int kWatchMs = 2000;

StatusCode code_of(const nlohmann::json& document) {
  const auto indicator = document.value("indicator", "unknown");
  if (indicator == "operational") return kOperational;
  if (indicator == "degraded") return kDegraded;
  return indicator == "outage" ? kOutage : kUnknown;
}

}  // namespace

int status(const Context& context, const std::string& component) {
  std::optional<ComponentId> wanted;
  if (!component.empty()) {
    wanted = parse_component(component);
    if (!wanted) return complain("\"" + component + "\" is not a component, such as whatsapp/media-upload", kUsage);
  }
  const auto target = "/api/v1/status" + (wanted ? "?component=" + url_encode(component) : "");
  auto document = fetch(context.source, target, [&](store::Reader& reader) {
    serve::View view;
    view.now = wall_clock_now();
    view.daemon_running = false;
    view.version = OUTAGED_VERSION;
    return serve::status_document(reader, view, wanted);
  });
  const bool not_there = !document && document.error().status == 404;
  if (!document && !not_there) return complain(document.error().reason, kUnknown);
  if (not_there || (wanted && document->body["components"].empty())) {
    auto near = suggestion(component, components_of(known_probes(context.source)));
    if (near.empty()) near = "; \"outagectl probes\" lists what is watched";
    return complain("no probe watches " + component + near, kUnknown);
  }
  if (context.json) {
    print_json(document->body);
  } else {
    fmt::print("{}", serve::render_status(document->body, {context.color}));
  }
  if (!document->from_daemon) return kUnknown;
  return code_of(document->body);
}

int watch_status(const Context& context, const std::string& component) {
  for (;;) {
    // Home and clear (ECMA-48), where somebody looks; elsewhere one answer after the other.
    if (context.color) fmt::print("\x1b[H\x1b[2J");
    const int code = status(context, component);
    if (code == kUsage) return code;
    std::fflush(stdout);
    ::poll(nullptr, 0, kWatchMs);
  }
}

}  // namespace outaged::ctl
