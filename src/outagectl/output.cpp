#include <fmt/format.h>

#include "base/json/write.hpp"
#include "outagectl/commands.hpp"

namespace outaged::ctl {

void print_json(const nlohmann::json& document) {
  fmt::print("{}\n", json::written(document, 2));
}

int complain(const std::string& reason, int exit_code) {
  fmt::print(stderr, "outagectl: {}\n", reason);
  return exit_code;
}

}  // namespace outaged::ctl
