#pragma once
// The rules that monitors in use decide by, for comparison. They are told what is no evidence (tokens, quotas, blocks),
// which in use they often are not.
#include <memory>
#include <string>
#include <vector>

#include "detection/drive.hpp"

namespace outaged::bench {

struct Rule {
  std::string name;
  std::unique_ptr<Monitor> (*make)(const std::vector<detect::ProbeInfo>& probes);
};

std::vector<Rule> rules();

}  // namespace outaged::bench
