#pragma once
// The documents of the API, made from the database. The daemon serves them; outagectl makes the same ones itself when
// no daemon runs. docs/cli.md describes their fields.
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "store/reader.hpp"

namespace outaged::serve {

struct View {
  WallTime now;
  bool daemon_running = true;
  std::string version;
  std::string site;  ///< "" takes what the database says
};

/// Everything at a glance; only `component`, when given.
nlohmann::json status_document(store::Reader& reader, const View& view,
                               const std::optional<ComponentId>& component = std::nullopt);

/// Those that were open at some time since `since`, newest first; or only those that are open.
nlohmann::json incidents_document(store::Reader& reader, const View& view, std::optional<WallTime> since,
                                  bool open_only);

/// All probes of the catalog with what each last found.
nlohmann::json probes_document(store::Reader& reader);

}  // namespace outaged::serve
