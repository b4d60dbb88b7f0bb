#include "base/log.hpp"

#include <atomic>
#include <cstdlib>
#include <mutex>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

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

bool needs_quotes(std::string_view value) {
  return value.empty() || value.find_first_of(" \"=\n\t") != std::string_view::npos;
}

void append_quoted(std::string& line, std::string_view value) {
  line += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') line += '\\';
    if (c == '\n') {
      line += "\\n";
    } else {
      line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  line += '"';
}

void write(spdlog::level::level_enum level, std::string_view event, Fields fields) {
  auto& out = output();
  if (!out.logger->should_log(level)) return;
  std::string line{event};
  for (const Field& field : fields) {
    line += ' ';
    line += field.name;
    line += '=';
    if (needs_quotes(field.value)) {
      append_quoted(line, field.value);
    } else {
      line += field.value;
    }
  }
  std::shared_ptr<const Redactor> redactor;
  {
    const std::lock_guard lock(out.mutex);
    redactor = out.redactor;
  }
  out.logger->log(level, redactor->redact(line));
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
