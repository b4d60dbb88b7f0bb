#pragma once
// The log: one event, one line, fields instead of prose. Logging belongs at edges (programs, workers), not in pure
// code.
//
//   log::warn("delivery failed", {{"channel", name}, {"status", status}, {"retry_in", format_duration(wait)}});
//
// Goes to standard error, with syslog's level prefix under systemd. Every line passes the redactor. Any thread.
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>

#include "base/named_enum.hpp"
#include "base/secret.hpp"

namespace outaged::log {

enum class Level { debug, info, warning, error };

/// A field's name and its value as text.
struct Field {
  template <class T>
  Field(std::string_view field_name, const T& field_value) : name(field_name), value(fmt::format("{}", field_value)) {}
  std::string_view name;
  std::string value;
};
using Fields = std::initializer_list<Field>;

void debug(std::string_view event, Fields fields = {});
void info(std::string_view event, Fields fields = {});
void warn(std::string_view event, Fields fields = {});
void error(std::string_view event, Fields fields = {});

/// Lines below this level are dropped. The default is info.
void set_level(Level level);
/// What is taken out of every line from now on.
void set_redactor(std::shared_ptr<const Redactor> redactor);

}  // namespace outaged::log

namespace outaged {
template <>
inline constexpr auto kEnumNames<log::Level> = std::to_array<std::string_view>({"debug", "info", "warning", "error"});
}  // namespace outaged
