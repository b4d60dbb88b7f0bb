#include "architecture/banned.hpp"

#include <regex>
#include <set>

#include <fmt/format.h>

namespace outaged::architecture {
namespace {

Complaints matches_of(const Source& source, const std::regex& expression, const std::string& rule) {
  const std::string code = code_only(source.text);
  Complaints out;
  for (std::sregex_iterator match{code.begin(), code.end(), expression}, end; match != end; ++match) {
    const auto line = line_of(code, static_cast<std::size_t>(match->position()));
    out.push_back({source.path, line, fmt::format("{}: {}", rule, std::string{trimmed(match->str())})});
  }
  return out;
}

void append(Complaints& to, Complaints from) {
  for (Complaint& complaint : from) to.push_back(std::move(complaint));
}

}  // namespace

Complaints check_clocks(const Source& source) {
  // The standard's clocks may not even be named, since an alias reads them just as well; nor be reached from a type of
  // time or timer that has one.
  static const std::regex raw{
      R"(\b(steady|system|high_resolution|utc|tai|gps|file)_clock\b|\bclock(_type)?\s*::\s*now\b)"
      R"(|\b(gettimeofday|clock_gettime|timespec_get|ftime)\s*\(|(\bstd|^|[^\w>])\s*::\s*(time|clock)\s*\()"
      R"(|(^|[^\w.>:])time\s*\(\s*(nullptr|NULL|0|&\s*\w+)\s*\))"};
  static const std::regex own{R"(\b(MonotonicClock|wall_clock_now|process_cpu_time|thread_cpu_time)\b)"};
  static const std::set<std::string> real{"base", "net", "outaged", "outagectl", "outagesim"};
  Complaints out;
  if (source.path != "src/base/clock.cpp") append(out, matches_of(source, raw, "reads or names a clock"));
  const std::string module = module_of(source.path);
  if (!module.empty() && !real.contains(module)) append(out, matches_of(source, own, "asks the real clock"));
  return out;
}

Complaints check_habits(const Source& source) {
  static const std::regex sleep{
      R"(\bsleep_for\s*\(|\bthis_thread\s*::\s*sleep_until\b|\b(usleep|nanosleep|clock_nanosleep)\s*\(|::sleep\s*\()"};
  static const std::regex shell{R"(\bstd\s*::\s*system\s*\(|(^|[^\w.>:])(::)?(system|popen)\s*\()"};
  static const std::regex empty_catch{R"(\bcatch\s*\([^)]*\)\s*\{\s*\})"};
  Complaints out = matches_of(source, sleep, "sleeps");
  append(out, matches_of(source, shell, "calls a shell"));
  append(out, matches_of(source, empty_catch, "catches and does nothing"));
  return out;
}

}  // namespace outaged::architecture
