#include "probe/vendor_status.hpp"

#include <algorithm>
#include <cmath>

#include <curl/curl.h>
#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "base/json/parse.hpp"
#include "base/units.hpp"
#include "probe/vendor_claims.hpp"

namespace outaged::probe {
namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 16;
constexpr std::size_t kMostClaims = 100;
/// Of a page only so many products and incidents are looked at.
constexpr std::size_t kMostItems = 2000;
constexpr std::size_t kLongestText = 160;
constexpr const char* kEverything = "*";

std::string text_at(const Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::optional<WallTime> time_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return std::nullopt;
  if (found->is_string()) return time_in(found->get<std::string>());
  if (!found->is_number()) return std::nullopt;
  // Seconds since 1970, of this century.
  const auto seconds = found->get<double>();
  if (!std::isfinite(seconds) || seconds < 946'684'800 || seconds > 4'102'444'800) return std::nullopt;
  return WallTime{std::chrono::seconds{static_cast<std::int64_t>(seconds)}};
}

/// The array under `key`, or an empty one.
const Json& list_at(const Json& object, const char* key) {
  static const Json none = Json::array();
  if (!object.is_object()) return none;
  const auto found = object.find(key);
  return found != object.end() && found->is_array() ? *found : none;
}

template <class Each>
void for_each(const Json& list, const Each& each) {
  std::size_t seen = 0;
  for (const auto& item : list) {
    if (++seen > kMostItems) return;
    if (item.is_object()) each(item);
  }
}

Expected<std::vector<VendorClaim>, std::string> said(VendorClaims& claims) {
  if (claims.empty()) return Unexpected{std::string{"it says nothing of what this probe asks for"}};
  return claims.take();
}

Expected<std::vector<VendorClaim>, std::string> read_metastatus(const VendorPage& page, const Json& document) {
  if (!document.is_array()) return Unexpected{std::string{"it is no list of organisations"}};
  VendorClaims claims(page);
  for_each(document, [&](const Json& organisation) {
    const auto name = text_at(organisation, "name");
    const auto* platforms = claims.platforms_of(text_at(organisation, "id"), name);
    if (platforms == nullptr) return;
    for_each(list_at(organisation, "services"), [&](const Json& service) {
      const auto status = text_at(service, "status");
      if (status.empty()) return;
      const auto service_name = text_at(service, "name");
      claims.add(service_name == name ? name : name + ": " + service_name, *platforms, state_in(status), status,
                 time_at(service, "time"));
    });
  });
  return said(claims);
}

VendorState state_of_component(std::string_view status) {
  if (status == "operational") return VendorState::fine;
  if (status == "under_maintenance") return VendorState::maintenance;
  if (status == "degraded_performance") return VendorState::degraded;
  if (status == "partial_outage" || status == "major_outage") return VendorState::outage;
  return VendorState::unclear;
}

VendorState state_of_incident(const Json& incident) {
  const auto status = text_at(incident, "status");
  if (status == "resolved" || status == "postmortem") return VendorState::fine;
  const auto impact = text_at(incident, "impact");
  if (impact == "none") return VendorState::unclear;
  return impact == "minor" ? VendorState::degraded : VendorState::outage;
}

/// The platforms of the components that an incident names; of everything, when it names none.
std::vector<std::string> platforms_of_incident(const VendorClaims& claims, const Json& incident) {
  std::vector<std::string> out;
  const auto take = [&out](const std::vector<std::string>* platforms) {
    if (platforms != nullptr) out.insert(out.end(), platforms->begin(), platforms->end());
  };
  const auto& components = list_at(incident, "components");
  for_each(components, [&](const Json& component) {
    take(claims.platforms_of(text_at(component, "id"), text_at(component, "name")));
  });
  if (components.empty()) take(claims.platforms_of(kEverything, kEverything));
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Expected<std::vector<VendorClaim>, std::string> read_statuspage(const VendorPage& page, const Json& document) {
  if (!document.is_object() || !document.contains("components"))
    return Unexpected{std::string{"it is no summary in the Statuspage format"}};
  VendorClaims claims(page);
  for_each(list_at(document, "components"), [&](const Json& component) {
    const auto name = text_at(component, "name");
    const auto status = text_at(component, "status");
    const auto* platforms = claims.platforms_of(text_at(component, "id"), name);
    if (platforms == nullptr || status.empty()) return;
    const auto state = state_of_component(status);
    // When a component that is well was last touched says nothing.
    claims.add(name, *platforms, state, status, is_trouble(state) ? time_at(component, "updated_at") : std::nullopt);
  });
  for_each(list_at(document, "incidents"), [&](const Json& incident) {
    const auto platforms = platforms_of_incident(claims, incident);
    if (platforms.empty()) return;
    claims.add(text_at(incident, "name"), platforms, state_of_incident(incident), text_at(incident, "status"),
               time_at(incident, "created_at"));
  });
  return said(claims);
}

}  // namespace

const std::vector<std::string>* VendorClaims::platforms_of(const std::string& id, const std::string& name) const {
  for (const auto& key : {id, name, std::string{kEverything}}) {
    if (const auto found = page_.concerns.find(key); found != page_.concerns.end()) return &found->second;
  }
  return nullptr;
}

void VendorClaims::add(const std::string& subject, const std::vector<std::string>& platforms, VendorState state,
                       const std::string& words, std::optional<WallTime> since) {
  if (claims_.size() >= kMostClaims) return;
  VendorClaim claim{printable(subject, kLongestText), platforms, state, printable(words, kLongestText), since};
  const bool twice = std::ranges::find(claims_, claim.subject, &VendorClaim::subject) != claims_.end();
  if (!claim.subject.empty() && !twice) claims_.push_back(std::move(claim));
}

VendorState state_in(std::string_view words) {
  const std::string text = lower_case(words);
  const auto has = [&text](std::string_view word) { return text.find(word) != std::string::npos; };
  if (has("no known issue") || has("resolved") || has("operational") || has("restored") || has("fixed"))
    return VendorState::fine;
  if (has("maintenance")) return VendorState::maintenance;
  if (has("high disruption") || has("major") || has("outage") || has("unavailable") || has("down"))
    return VendorState::outage;
  if (has("disruption") || has("degraded") || has("issue") || has("delay") || has("slow") || has("error") ||
      has("investigating") || has("identified"))
    return VendorState::degraded;
  return VendorState::unclear;
}

std::optional<WallTime> time_in(const std::string& text) {
  if (text.empty() || text.size() > 64) return std::nullopt;
  if (const auto time = parse_time(text)) return time;
  const auto seconds = ::curl_getdate(text.c_str(), nullptr);
  if (seconds <= 0) return std::nullopt;
  return WallTime{std::chrono::seconds{seconds}};
}

Expected<std::vector<VendorClaim>, std::string> read_vendor_page(const VendorPage& page, std::string_view body) {
  if (page.format == VendorFormat::feed) return read_feed(page, body);
  const auto document = json::parse_untrusted(body, kDeepest);
  if (!document) return Unexpected{document.error()};
  return page.format == VendorFormat::metastatus ? read_metastatus(page, *document) : read_statuspage(page, *document);
}

const json::Shape<VendorPage>& vendor_page_shape() {
  static const auto shape =
      json::object<VendorPage>(
          "The answer is a status page of the platform's owner. What it says is put beside what the probes find; it is "
          "never evidence of an outage, and when it cannot be read that is a problem of this probe.")
          .required("format", &VendorPage::format, json::choice<VendorFormat>(),
                    "metastatus: Meta's orgs.json; statuspage: summary.json of a page in the Statuspage format; feed: "
                    "RSS or Atom.")
          .required("name", &VendorPage::name, json::nonempty_text(), "Who says it, for timelines: \"Meta\".")
          .required("concerns", &VendorPage::concerns, json::map_of(json::list(json::nonempty_text(), 1, 20)),
                    "Which products on the page concern which platforms: the product's id or name, or \"*\" for "
                    "everything, → platforms. Of a feed only \"*\" counts.")
          .build();
  return shape;
}

}  // namespace outaged::probe
