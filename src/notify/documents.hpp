#pragma once
// The documents of the API about alerts, made from the database: by the daemon, and by outagectl when no daemon runs.
// docs/alerts.md describes their fields.
#include "base/json/parse.hpp"
#include "store/reader.hpp"

namespace outaged::notify {

/// {"silences": […]}: those that hold or will.
json::Json silences_document(store::Reader& reader, WallTime now);
/// {"maintenance": […]}, each with whether it is active and when it comes next.
json::Json maintenance_document(store::Reader& reader, WallTime now);

json::Json json_form(const store::Silence& silence);
json::Json json_form(const store::Maintenance& maintenance, WallTime now);

}  // namespace outaged::notify
