#pragma once
// One measurement as a line of JSON (script/bench).
#include <string>

#include <fmt/format.h>

namespace outaged::bench {

inline void print(const std::string& bench, double ours, double reference, const std::string& unit,
                  const std::string& note) {
  fmt::print(
      "{{\"bench\":\"{}\",\"ours\":{:.4g},\"reference\":{:.4g},\"ratio\":{:.3g},\"unit\":\"{}\",\"note\":\"{}\"}}\n",
      bench, ours, reference, ours / reference, unit, note);
}

}  // namespace outaged::bench
