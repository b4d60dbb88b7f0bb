#include <fmt/format.h>

#include "outagectl/commands.hpp"

namespace outaged::ctl {

void print_json(const nlohmann::json& document) {
  fmt::print("{}\n", document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

int complain(const std::string& reason, int exit_code) {
  fmt::print(stderr, "outagectl: {}\n", reason);
  return exit_code;
}

}  // namespace outaged::ctl
