#include "serve/user_reports.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/json/parse.hpp"
#include "base/json/shape.hpp"
#include "serve/json_forms.hpp"
#include "store/reader.hpp"

namespace outaged::serve {
namespace {

struct Said {
  std::string component;
};

const outaged::json::Shape<Said>& said_shape() {
  static const auto shape =
      outaged::json::object<Said>("What does not work.")
          .required("component", &Said::component, outaged::json::text(), "A component: platform/function.")
          .build();
  return shape;
}

Expected<ComponentId, std::string> read_component(const std::string& body) {
  auto parsed = outaged::json::parse_untrusted(body);
  if (!parsed) return Unexpected{std::move(parsed).error()};
  outaged::json::Faults faults;
  const auto said = said_shape().read(*parsed, outaged::json::Cursor("body", faults));
  if (!said) return Unexpected{outaged::json::to_string(faults.front())};
  auto component = parse_component(said->component);
  if (!component) return Unexpected{std::string{"A component is platform/function."}};
  return *component;
}

class ReportDesk {
 public:
  explicit ReportDesk(Daemon daemon) : daemon_(std::move(daemon)) {}

  Response take(const Request& request) {
    const auto component = read_component(request.body);
    if (!component) return problem(400, "Not understood", component.error());
    auto reader = store::Reader::open(daemon_.database);
    if (!reader) throw std::runtime_error(reader.error());
    const auto probes = reader->probes();
    if (std::ranges::find(probes, *component, &store::ProbeRow::component) == probes.end())
      return problem(404, "No such component", "No probe watches " + to_string(*component) + ".");
    const bool counts = limits_.admit(request.over_socket ? "" : request.peer, *component, daemon_.now());
    if (counts) daemon_.user_report(*component);
    return {202, "application/json", dump({{"component", to_string(*component)}, {"counted", counts}})};
  }

 private:
  Daemon daemon_;
  ReportLimits limits_;
};

}  // namespace

bool ReportLimits::admit(const std::string& address, const ComponentId& component, WallTime now) {
  const auto is_old = [now](const auto& entry) { return now - entry.second >= kPause || now < entry.second; };
  if (heard_.size() >= kMostAddresses && !heard_.contains(address)) {
    for (auto& [other, reports] : heard_) std::erase_if(reports, is_old);
    std::erase_if(heard_, [](const auto& entry) { return entry.second.empty(); });
    if (heard_.size() >= kMostAddresses) return false;
  }
  auto& reports = heard_[address];
  std::erase_if(reports, is_old);
  return reports.size() < kMostOfOne && reports.try_emplace(component, now).second;
}

std::vector<Route> user_report_routes(const Daemon& daemon) {
  const auto desk = std::make_shared<ReportDesk>(daemon);
  return {{"POST", {"api", "v1", "user-reports"}, [desk](Request request) { return done(desk->take(request)); }}};
}

}  // namespace outaged::serve
