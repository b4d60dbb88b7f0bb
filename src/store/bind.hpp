#pragma once
// Binding and reading our values: times, optional values, enums.
#include <optional>
#include <string>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>

#include "base/clock.hpp"
#include "base/named_enum.hpp"

namespace outaged::store {

inline std::int64_t raw(WallTime time) {
  return time.time_since_epoch().count();
}

inline void bind_value(SQLite::Statement& s, int i, std::int64_t value) {
  s.bind(i, value);
}
inline void bind_value(SQLite::Statement& s, int i, int value) {
  s.bind(i, value);
}
inline void bind_value(SQLite::Statement& s, int i, double value) {
  s.bind(i, value);
}
inline void bind_value(SQLite::Statement& s, int i, WallTime value) {
  s.bind(i, raw(value));
}
inline void bind_value(SQLite::Statement& s, int i, Micros value) {
  s.bind(i, static_cast<std::int64_t>(value.count()));
}
inline void bind_value(SQLite::Statement& s, int i, const std::string& value) {
  s.bind(i, value);
}
template <NamedEnum E>
void bind_value(SQLite::Statement& s, int i, E value) {
  s.bind(i, std::string{to_string(value)});
}
template <class T>
void bind_value(SQLite::Statement& s, int i, const std::optional<T>& value) {
  if (value) {
    bind_value(s, i, *value);
  } else {
    s.bind(i);
  }
}

/// Binds `values` to ?1, ?2, … and runs the statement.
template <class... Values>
void run(SQLite::Statement& statement, const Values&... values) {
  statement.reset();
  int index = 0;
  (bind_value(statement, ++index, values), ...);
  statement.exec();
}

inline WallTime time_at(SQLite::Statement& s, int i) {
  return WallTime{Micros{s.getColumn(i).getInt64()}};
}
inline std::optional<WallTime> optional_time_at(SQLite::Statement& s, int i) {
  if (s.isColumnNull(i)) return std::nullopt;
  return time_at(s, i);
}
/// `fallback` for a name that this program does not know.
template <NamedEnum E>
E enum_at(SQLite::Statement& s, int i, E fallback) {
  return parse_enum<E>(s.getColumn(i).getString()).value_or(fallback);
}
template <NamedEnum E>
std::optional<E> optional_enum_at(SQLite::Statement& s, int i) {
  if (s.isColumnNull(i)) return std::nullopt;
  return parse_enum<E>(s.getColumn(i).getString());
}

}  // namespace outaged::store
