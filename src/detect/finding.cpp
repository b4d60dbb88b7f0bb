#include "detect/finding.hpp"

namespace outaged::detect {

std::optional<Layer> Evidence::dominant_layer() const {
  std::optional<Layer> dominant;
  int most = 0;
  for (const auto& [layer, count] : layers) {
    if (count > most) {
      most = count;
      dominant = layer;
    }
  }
  return dominant;
}

}  // namespace outaged::detect
