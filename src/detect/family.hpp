#pragma once
// Functions that live on the same infrastructure.
#include <string_view>

namespace outaged::detect {

/// Pictures and films: upload, download, and feeds, which are made of them. They have tiers and hosts of their own.
inline bool is_media(std::string_view function) {
  return function.starts_with("media-") || function == "feed-load";
}

}  // namespace outaged::detect
