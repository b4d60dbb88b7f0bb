#pragma once
// docs/configuration.md, made from the tables that read the configuration.
#include <string>

#include <nlohmann/json.hpp>

namespace outaged::test {

/// `schema` is that of the whole file. One table for each section, a row for each key.
std::string configuration_page(const nlohmann::json& schema);

}  // namespace outaged::test
