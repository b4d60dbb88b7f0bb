#pragma once
// The Graph API's answers: JSON with escaped slashes, the headers that every answer carries, and the error envelope
// with those that errors carry besides (docs/platforms.md, "Graph API, common to all three").
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "outagesim/http_message.hpp"
#include "outagesim/tokens.hpp"
#include "outagesim/world.hpp"

namespace outaged::sim::graph {

struct Call;
using Json = nlohmann::json;

struct Error {
  unsigned status = 400;
  std::string type = "OAuthException";
  std::int64_t code = 100;
  std::optional<std::int64_t> subcode;
  std::string message;
  std::optional<bool> transient;
  std::string details;  ///< error_data.details of the Cloud API, or empty
};

/// As the API writes JSON: "/" as "\/".
std::string to_text(const Json& value);

Reply answer(const Json& value);
Reply answer(const Error& error);

/// Does the version exist that the call names, or does it name none? Older ones exist: the present one answers.
bool has_version(const Call& call);

/// Adds the common headers, the usage headers and one request id (also as fbtrace_id in an envelope) to what one of the
/// two answer() made. `platform` decides the kind of usage header.
void finish(Reply& reply, World& world, const Call& call, std::string_view platform);

// The errors that several endpoints share.
Error unknown_object(std::string_view method, std::string_view id);
Error bad_parameter(const std::string& what);
Error token_missing();
Error token_invalid();
Error token_expired();
Error session_dropped();
/// `scope`: the permission by name, where it is known.
Error permission_missing(std::string_view platform, std::string_view scope = {});
/// The token stands for another than `wanted`: a page's where a user's is needed.
Error wrong_bearer(Bearer wanted);
Error rate_limited(std::string_view platform);
/// What layer api plays: server trouble with that code.
Error server_trouble(std::int64_t code);

}  // namespace outaged::sim::graph
