#pragma once
// A configuration value that is the name of a secret and never the secret itself: "${secret:NAME}".
#include <string>

#include "base/json/shape.hpp"

namespace outaged {

struct SecretReference {
  std::string name;
  bool operator==(const SecretReference&) const = default;
};

/// Reads "${secret:NAME}". Any other text is a fault whose message does not repeat the text: it may be the secret.
const json::Shape<SecretReference>& secret_reference();

}  // namespace outaged
