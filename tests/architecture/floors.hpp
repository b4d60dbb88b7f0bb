#pragma once
// Who may know whom (docs/architecture.md, "Floors").
#include <string>

#include "architecture/source.hpp"

namespace outaged::architecture {

/// A module includes its own headers, those of base and core, those it knows by the table, and those that these know.
Complaints check_includes(const Source& source);

/// A module's CMakeLists.txt links only such modules. `source` is one src/<module>/CMakeLists.txt.
Complaints check_links(const Source& source);

/// Every folder of src/ with something to compile makes a target. `sources` are all .cpp files and CMakeLists.txt.
Complaints check_targets(const std::vector<Source>& sources);

}  // namespace outaged::architecture
