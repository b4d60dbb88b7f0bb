#pragma once
// Leftover: something that a run has made on a platform and not deleted yet, as a value. Kept in the database, so that
// it is deleted even when the run, or outaged, ends before its clean-up.
#include <map>
#include <string>

#include "base/clock.hpp"
#include "core/names.hpp"

namespace outaged {

struct Leftover {
  ProbeId probe;
  int step = 0;  ///< index in the probe's definition of the clean-up step that deletes it
  WallTime made;
  std::map<std::string, std::string> saved;  ///< the saved values that this step needs; never a secret
  int attempts = 0;                          ///< to delete it, after the run that made it
  bool operator==(const Leftover&) const = default;
};

}  // namespace outaged
