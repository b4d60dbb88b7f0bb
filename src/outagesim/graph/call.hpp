#pragma once
// A request to the Graph API, taken apart: version, path, parameters from wherever clients put them (query, form, JSON,
// multipart), files, token.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "outagesim/http_message.hpp"

namespace outaged::sim::graph {

struct Call {
  std::string method;
  std::string host;
  std::string version;            ///< "v23.0"; empty when the path has none
  std::vector<std::string> path;  ///< without the version
  std::map<std::string, std::string> parameters;
  std::vector<FormPart> files;
  std::optional<std::string> token;
  const Request* request = nullptr;
  bool well_formed = true;  ///< false when the body is not what its Content-Type says

  [[nodiscard]] std::string parameter(const std::string& name) const {
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::string{} : found->second;
  }
  /// The whole parameter as a number, or nothing.
  [[nodiscard]] std::optional<std::uint64_t> number(const std::string& name) const;
  [[nodiscard]] bool has(const std::string& name) const { return parameters.contains(name); }
};

/// `request` must outlive the call.
Call parse_call(const Request& request);

/// The token of an Authorization header: "Bearer T" or "OAuth T".
std::optional<std::string> bearer_of(const Request& request);

}  // namespace outaged::sim::graph
