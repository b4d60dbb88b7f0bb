#pragma once
// The hosts that the simulator plays: real names, whose they are and what they serve. From this one table come the test
// certificate, the DNS zone, the variables for probe files and the routing.
#include <string>
#include <string_view>
#include <vector>

namespace outaged::sim {

inline constexpr std::string_view kFacebook = "facebook";
inline constexpr std::string_view kInstagram = "instagram";
inline constexpr std::string_view kWhatsapp = "whatsapp";
/// Whose hosts are only hit by faults that name them.
inline constexpr std::string_view kControl = "control";
inline constexpr std::string_view kVendor = "vendor";

/// What kind of server answers under a name.
enum class Role {
  graph,      ///< the Graph API
  rupload,    ///< resumable upload of bytes
  lookaside,  ///< stored WhatsApp media
  cdn,        ///< stored pictures, with signed addresses
  media,      ///< WhatsApp's own media tier
  web,        ///< pages for people
  chat,       ///< bare TCP
  vendor,     ///< the platforms' official status page
  control     ///< unrelated hosts that judge our own network
};

struct Host {
  std::string_view name;
  Role role;
  /// Whose name it is. A failure of name, TCP or TLS belongs to this platform, whoever else uses the host.
  std::string_view platform;
  /// What that platform serves here.
  std::vector<std::string_view> functions;
  /// The probe-file variable for its base address, or empty.
  std::string_view variable;
  /// The canonical name behind it, as the real zone has one; or empty.
  std::string_view alias;
};

const std::vector<Host>& hosts();

/// The host of that name; regional names such as "scontent-fra3-1.xx.fbcdn.net" belong to their family. Null when the
/// simulator does not play it.
const Host* find_host(std::string_view name);

/// Names for the certificate and the zone that stand for families: "*.xx.fbcdn.net" …
const std::vector<std::string_view>& wildcard_names();

}  // namespace outaged::sim
