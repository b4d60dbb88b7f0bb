#include "incident/vendor_says.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/units.hpp"

namespace outaged::incident {
namespace {

/// Trouble that a vendor told of so long before the incident is another one.
constexpr Micros kSameEvent = std::chrono::hours{24};

std::string beginning_of(const std::string& vendor, const std::string& subject) {
  return fmt::format("{} says of {}: ", vendor, subject);
}

/// "Medium disruptions", and since when where the vendor says so.
std::string words_of(const VendorClaim& claim) {
  if (!claim.since || !is_trouble(claim.state)) return claim.words;
  return fmt::format("{}, since {} {} UTC", claim.words, format_date(*claim.since), format_clock(*claim.since));
}

/// "28 minutes after our detection", "3h 5m before our detection".
std::string compared(WallTime said, WallTime detected) {
  const auto apart = std::chrono::round<std::chrono::minutes>(said - detected);
  if (apart.count() == 0) return "at the time of our detection";
  const auto minutes = std::chrono::abs(apart).count();
  const auto time = minutes >= 120 ? format_duration_rounded(std::chrono::abs(apart))
                                   : fmt::format("{} minute{}", minutes, minutes == 1 ? "" : "s");
  return fmt::format("{} {} our detection", time, apart.count() < 0 ? "before" : "after");
}

bool concerns(const Incident& incident, const VendorClaim& claim) {
  return std::ranges::any_of(incident.components, [&claim](const AffectedComponent& one) {
    return std::ranges::find(claim.platforms, one.id.platform) != claim.platforms.end();
  });
}

/// The last entry that speaks of this subject, perhaps beside others; null when there is none.
const Update* last_entry(const Incident& incident, const std::string& beginning) {
  const auto found =
      std::find_if(incident.timeline.rbegin(), incident.timeline.rend(), [&beginning](const Update& update) {
        return update.kind == UpdateKind::vendor && update.text.find(beginning) != std::string::npos;
      });
  return found == incident.timeline.rend() ? nullptr : &*found;
}

}  // namespace

void VendorSays::take(const ProbeId& probe, const std::string& vendor, const std::vector<VendorClaim>& claims,
                      WallTime now) {
  for (const VendorClaim& claim : claims) {
    const auto [entry, is_new] = said_.try_emplace({probe, claim.subject}, Said{vendor, claim, now});
    Said& said = entry->second;
    if (said.claim.state != claim.state) said.first_seen = now;
    said.claim = claim;
  }
  // An incident that has gone from the page is over; anything else that has gone is forgotten.
  for (auto entry = said_.begin(); entry != said_.end();) {
    auto& [key, said] = *entry;
    const bool gone =
        key.first == probe && std::ranges::find(claims, key.second, &VendorClaim::subject) == claims.end();
    if (gone && !is_trouble(said.claim.state)) {
      entry = said_.erase(entry);
      continue;
    }
    if (gone) {
      said.claim.state = VendorState::fine;
      said.claim.words = "no longer mentioned";
      said.first_seen = now;
    }
    ++entry;
  }
}

std::vector<std::string> VendorSays::news(const Incident& incident) const {
  std::vector<std::string> out;
  for (const auto& [key, said] : said_) {
    const VendorClaim& claim = said.claim;
    if (!concerns(incident, claim)) continue;
    const auto beginning = beginning_of(said.vendor, claim.subject);
    const auto* last = last_entry(incident, beginning);
    const auto text = beginning + words_of(claim);
    if (last != nullptr && last->text.find(text) != std::string::npos) continue;
    if (!is_trouble(claim.state)) {
      // That something is well, or unclear, is news only after trouble.
      if (last != nullptr && claim.state != VendorState::unclear) out.push_back(text + ".");
      continue;
    }
    const WallTime at = claim.since.value_or(said.first_seen);
    if (at < incident.onset - kSameEvent) continue;
    out.push_back(last != nullptr ? text + "." : fmt::format("{}; {}.", text, compared(at, incident.opened_at)));
  }
  return out;
}

}  // namespace outaged::incident
