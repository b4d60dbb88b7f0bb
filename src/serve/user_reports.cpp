#include "serve/user_reports.hpp"

#include <algorithm>

#include <boost/asio/ip/address_v6.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "base/json/write.hpp"
#include "serve/body.hpp"
#include "serve/documents.hpp"
#include "serve/json_forms.hpp"
#include "serve/query.hpp"
#include "store/late_reader.hpp"

namespace outaged::serve {
namespace {

struct Said {
  std::string component;
  std::string text;
};

constexpr std::size_t kLongestText = 280;

const outaged::json::Shape<Said>& said_shape() {
  static const auto shape =
      outaged::json::object<Said>("What does not work.")
          .required("component", &Said::component, outaged::json::text(), "A component: platform/function.")
          .field("text", &Said::text, outaged::json::text(), "What it looks like, in their words.")
          .build();
  return shape;
}

struct Report {
  ComponentId component;
  std::string words;
};

Expected<Report, std::string> read_report(const std::string& body) {
  const auto said = read_body(body, said_shape());
  if (!said) return Unexpected{said.error()};
  const auto component = parse_component(said->component);
  if (!component) return Unexpected{std::string{"A component is platform/function."}};
  if (said->text.size() > kLongestText) return Unexpected{fmt::format("A text may have {} bytes.", kLongestText)};
  Report report{*component, printable(said->text, kLongestText)};
  // It stands within a sentence.
  std::ranges::replace_if(
      report.words, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return report;
}

class ReportDesk {
 public:
  ReportDesk(Daemon daemon, std::shared_ptr<Gate> gate)
      : daemon_(std::move(daemon)), gate_(std::move(gate)), reader_(daemon_.database) {}

  Response take(const Request& request) {
    const auto report = read_report(request.body);
    if (!report) return problem(400, "Not understood", report.error());
    const auto& component = report->component;
    if (!is_watched(reader_.get(), component)) return unwatched(component);
    if (!report->words.empty()) {
      if (auto refusal = gate_->refuse(request)) return std::move(*refusal);
    }
    const bool counts = limits_.admit(request.over_socket ? "" : request.peer, component, daemon_.now());
    if (counts) daemon_.user_report(component, report->words);
    return {202, "application/json", json::written({{"component", to_string(component)}, {"counted", counts}})};
  }

 private:
  Daemon daemon_;
  std::shared_ptr<Gate> gate_;
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

std::vector<Route> user_report_routes(const Daemon& daemon, const std::shared_ptr<Gate>& gate) {
  const auto desk = std::make_shared<ReportDesk>(daemon, gate);
  return {{"POST", {"api", "v1", "user-reports"}, [desk](Request request) { return done(desk->take(request)); }}};
}

}  // namespace outaged::serve
