#include "serve/user_reports.hpp"

#include <algorithm>

#include <boost/asio/ip/address_v6.hpp>
#include <nlohmann/json.hpp>

#include "serve/body.hpp"
#include "serve/documents.hpp"
#include "serve/json_forms.hpp"
#include "store/late_reader.hpp"

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
  const auto said = read_body(body, said_shape());
  if (!said) return Unexpected{said.error()};
  auto component = parse_component(said->component);
  if (!component) return Unexpected{std::string{"A component is platform/function."}};
  return *component;
}

class ReportDesk {
 public:
  explicit ReportDesk(Daemon daemon) : daemon_(std::move(daemon)), reader_(daemon_.database) {}

  Response take(const Request& request) {
    const auto component = read_component(request.body);
    if (!component) return problem(400, "Not understood", component.error());
    if (!is_watched(reader_.get(), *component))
      return problem(404, "No such component", "No probe watches " + to_string(*component) + ".");
    const bool counts = limits_.admit(request.over_socket ? "" : request.peer, *component, daemon_.now());
    if (counts) daemon_.user_report(*component);
    return {202, "application/json", dump({{"component", to_string(*component)}, {"counted", counts}})};
  }

 private:
  Daemon daemon_;
  store::LateReader reader_;
  ReportLimits limits_;
};

/// Who is behind an address.
std::string voice_of(const std::string& address) {
  namespace ip = boost::asio::ip;
  boost::system::error_code other;
  const auto parsed = ip::make_address_v6(address, other);
  if (other) return address;
  if (parsed.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, parsed).to_string();
  auto bytes = parsed.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return ip::address_v6(bytes).to_string();
}

}  // namespace

bool ReportLimits::admit(const std::string& address, const ComponentId& component, WallTime now) {
  const auto is_old = [now](const auto& entry) { return now - entry.second >= kPause || now < entry.second; };
  const auto voice = voice_of(address);
  if (heard_.size() >= kMostAddresses && !heard_.contains(voice)) {
    for (auto& [other, reports] : heard_) std::erase_if(reports, is_old);
    std::erase_if(heard_, [](const auto& entry) { return entry.second.empty(); });
    if (heard_.size() >= kMostAddresses) return false;
  }
  auto& reports = heard_[voice];
  std::erase_if(reports, is_old);
  return reports.size() < kMostOfOne && reports.try_emplace(component, now).second;
}

std::vector<Route> user_report_routes(const Daemon& daemon) {
  const auto desk = std::make_shared<ReportDesk>(daemon);
  return {{"POST", {"api", "v1", "user-reports"}, [desk](Request request) { return done(desk->take(request)); }}};
}

}  // namespace outaged::serve
