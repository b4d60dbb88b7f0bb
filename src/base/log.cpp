#include "base/log.hpp"

#include <atomic>
#include <cstdlib>
#include <mutex>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/encoding.hpp"

namespace outaged::log {
namespace {

std::shared_ptr<spdlog::logger> make_logger() {
  auto logger = std::make_shared<spdlog::logger>("outaged", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  // journald adds the time itself; elsewhere a line without one is of little use.
  const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
  logger->set_pattern(journal ? "%l %v" : "%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  logger->flush_on(spdlog::level::debug);
  return logger;
}

struct Output {
  std::shared_ptr<spdlog::logger> logger = make_logger();
  std::mutex mutex;
  std::shared_ptr<const Redactor> redactor = std::make_shared<Redactor>();
};

Output& output() {
  static Output instance;
  return instance;
}

constexpr std::size_t kLongestValue = 4096;

/// A value as it stands in a line: one word, or quoted with \n, \t, \" and \\ escaped.
void append_value(std::string& line, std::string_view value) {
  if (!value.empty() && value.find_first_of(" \"\\=\n\t") == std::string_view::npos) {
    line += value;
    return;
  }
  line += '"';
  for (const char c : value) {
    switch (c) {
      case '\n': line += "\\n"; break;
      case '\t': line += "\\t"; break;
      case '"':
      case '\\': line += '\\'; [[fallthrough]];
      default: line += c;
    }
  }
  line += '"';
}

void write(spdlog::level::level_enum level, std::string_view event, Fields fields) {
  auto& out = output();
  if (!out.logger->should_log(level)) return;
  std::shared_ptr<const Redactor> redactor;
  {
    const std::lock_guard lock(out.mutex);
    redactor = out.redactor;
  }
  // Redacted before it is cut or escaped, both of which could hide a secret from the redactor.
  std::string line = printable(redactor->redact(event), kLongestValue);
  for (const Field& field : fields) {
    line += ' ';
    line += field.name;
    line += '=';
    append_value(line, printable(redactor->redact(field.value), kLongestValue));
  }
  out.logger->log(level, line);
}

}  // namespace

void debug(std::string_view event, Fields fields) {
  write(spdlog::level::debug, event, fields);
}
void info(std::string_view event, Fields fields) {
  write(spdlog::level::info, event, fields);
}
void warn(std::string_view event, Fields fields) {
  write(spdlog::level::warn, event, fields);
}
void error(std::string_view event, Fields fields) {
  write(spdlog::level::err, event, fields);
}

void set_level(Level level) {
  constexpr spdlog::level::level_enum kLevels[] = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                                   spdlog::level::err};
  output().logger->set_level(kLevels[static_cast<int>(level)]);
}

void set_redactor(std::shared_ptr<const Redactor> redactor) {
  auto& out = output();
  const std::lock_guard lock(out.mutex);
  out.redactor = std::move(redactor);
}

}  // namespace outaged::log
