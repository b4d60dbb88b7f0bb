#include "base/json/write.hpp"

#include <nlohmann/json.hpp>

namespace outaged::json {

std::string written(const nlohmann::json& value, int indent) {
  return value.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace outaged::json
