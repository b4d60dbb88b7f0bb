#include "probe/scrub.hpp"

#include <re2/re2.h>

namespace outaged::probe {

std::string scrubbed(std::string text) {
  // Parameters that carry tokens, signatures and sessions; tokens by their well-known beginnings.
  static const re2::RE2 kParameter(
      R"((?i)\b(access_token|token|auth|oh|hash|sig|signature|appsecret_proof|code|session|key|password)=[^&\s"'<>]+)");
  static const re2::RE2 kToken(R"(\b(EA[A-Z]|IG[A-Z]{1,2})[A-Za-z0-9_-]{20,})");
  static const re2::RE2 kBearer(R"((?i)\b(bearer|oauth) +[A-Za-z0-9._~+/|=-]{12,})");
  re2::RE2::GlobalReplace(&text, kParameter, R"(\1=***)");
  re2::RE2::GlobalReplace(&text, kToken, "***");
  re2::RE2::GlobalReplace(&text, kBearer, R"(\1 ***)");
  return text;
}

}  // namespace outaged::probe
