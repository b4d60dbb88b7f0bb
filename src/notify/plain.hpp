#pragma once
// A message as plain text, for receivers that show just that.
#include <string>

#include "notify/texts.hpp"

namespace outaged::notify {

/// Everything but the headline, in lines.
std::string plain_text(const Wording& wording);

}  // namespace outaged::notify
