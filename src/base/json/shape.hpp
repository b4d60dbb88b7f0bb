#pragma once
// A Shape<T> says once what a piece of a configuration or probe file looks like, and everything else comes from it:
// reading with all faults collected, writing back, the JSON Schema for editors, the table in the documentation.
//
//   const Shape<Store> kStore = object<Store>("Where results are kept.")
//       .field("path", &Store::path, text(), "File of the database.")
//       .field("busy", &Store::busy, duration(1ms, 1min), "How long to wait for another program.")
//       .build();
//
// A field that is absent keeps the value of a default-constructed T; `required` has no default. Members that are
// std::optional or Box take the shape of their content. Unknown keys are faults. Shapes are values, built once at
// start.
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/box.hpp"
#include "base/json/fault.hpp"
#include "base/named_enum.hpp"
#include "base/units.hpp"

namespace outaged::json {

/// A function whose copies share what it holds. Shapes contain one another many times over; copies that do not share
/// would multiply at every level.
template <class Signature>
class SharedFunction;
template <class R, class... A>
class SharedFunction<R(A...)> {
 public:
  SharedFunction() = default;
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, SharedFunction>) SharedFunction(F function)
      : function_(std::make_shared<const std::function<R(A...)>>(std::move(function))) {}
  R operator()(A... arguments) const { return (*function_)(std::forward<A>(arguments)...); }

 private:
  std::shared_ptr<const std::function<R(A...)>> function_;
};

template <class T>
struct Shape {
  /// The value; or nothing, when at least one fault was reported to the cursor.
  SharedFunction<std::optional<T>(const Json&, const Cursor&)> read;
  SharedFunction<Json(const T&)> write;
  /// JSON Schema (draft 2020-12) of what `read` accepts.
  Json schema;
};

// --- single values ---------------------------------------------------------------------------------------------------

/// Any text; with `pattern` (ECMAScript, whole text), only text of at most 4096 bytes that matches it, called `meaning`
/// in messages.
Shape<std::string> text();
Shape<std::string> text(const std::string& pattern, const std::string& meaning);
/// Text that is not empty.
Shape<std::string> nonempty_text();
Shape<bool> boolean();
Shape<double> number(double min, double max);
Shape<std::int64_t> integer(std::int64_t min, std::int64_t max);
Shape<Micros> duration(Micros min, Micros max);
Shape<Bytes> bytes(Bytes min, Bytes max);
/// Any JSON at all.
Shape<Json> anything();

/// One of the names of an enum (base/named_enum.hpp).
template <class E>
Shape<E> choice() {
  std::vector<std::string> names;
  for (const auto name : enum_names<E>()) names.emplace_back(name);
  Shape<E> shape;
  shape.schema = {{"type", "string"}, {"enum", names}};
  shape.read = [names](const Json& value, const Cursor& cursor) -> std::optional<E> {
    if (value.is_string()) {
      const auto& word = value.get_ref<const std::string&>();
      if (const auto found = parse_enum<E>(word)) return found;
      cursor.fault(describe(value), list_of(names), did_you_mean(word, names));
    } else {
      cursor.fault(describe(value), list_of(names));
    }
    return std::nullopt;
  };
  shape.write = [](const E& value) { return Json(std::string(outaged::to_string(value))); };
  return shape;
}

/// An integer of a narrower type.
template <class I>
Shape<I> integer_as(I min, I max) {
  const auto wide = integer(static_cast<std::int64_t>(min), static_cast<std::int64_t>(max));
  return {[read = wide.read](const Json& value, const Cursor& cursor) -> std::optional<I> {
            const auto got = read(value, cursor);
            if (!got) return std::nullopt;
            return static_cast<I>(*got);
          },
          [](const I& value) { return Json(value); }, wide.schema};
}

// --- composed values -------------------------------------------------------------------------------------------------

template <class T>
Shape<std::vector<T>> list(Shape<T> element, std::size_t min = 0,
                           std::size_t max = std::numeric_limits<std::size_t>::max()) {
  Shape<std::vector<T>> shape;
  shape.schema = {{"type", "array"}, {"items", element.schema}};
  if (min > 0) shape.schema["minItems"] = min;
  if (max != std::numeric_limits<std::size_t>::max()) shape.schema["maxItems"] = max;
  shape.write = [write = element.write](const std::vector<T>& values) {
    Json out = Json::array();
    for (const auto& value : values) out.push_back(write(value));
    return out;
  };
  shape.read = [read = element.read, min, max](const Json& value,
                                               const Cursor& cursor) -> std::optional<std::vector<T>> {
    if (!value.is_array()) {
      cursor.fault(describe(value), "a list");
      return std::nullopt;
    }
    if (value.size() < min || value.size() > max) {
      cursor.fault("a list of " + std::to_string(value.size()),
                   "a list of at least " + std::to_string(min) +
                       (max == std::numeric_limits<std::size_t>::max() ? "" : " and at most " + std::to_string(max)));
      return std::nullopt;
    }
    std::vector<T> out;
    bool whole = true;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (auto got = read(value[i], cursor.at(i))) {
        out.push_back(std::move(*got));
      } else {
        whole = false;
      }
    }
    if (!whole) return std::nullopt;
    return out;
  };
  return shape;
}

/// An object with keys of the user's choice; `key_pattern` as in text().
template <class T>
Shape<std::map<std::string, T>> map_of(Shape<T> element, const std::string& key_pattern = ".+",
                                       const std::string& key_meaning = "a name") {
  using Map = std::map<std::string, T>;
  Shape<Map> shape;
  shape.schema = {{"type", "object"},
                  {"propertyNames", {{"pattern", "^(?:" + key_pattern + ")$"}}},
                  {"additionalProperties", element.schema}};
  shape.write = [write = element.write](const Map& values) {
    Json out = Json::object();
    for (const auto& [key, value] : values) out[key] = write(value);
    return out;
  };
  shape.read = [read = element.read, read_key = text(key_pattern, key_meaning).read](
                   const Json& value, const Cursor& cursor) -> std::optional<Map> {
    if (!value.is_object()) {
      cursor.fault(describe(value), "an object");
      return std::nullopt;
    }
    Map out;
    bool whole = true;
    for (const auto& [name, content] : value.items()) {
      const bool named = read_key(Json(name), cursor.at(name)).has_value();
      auto got = read(content, cursor.at(name));
      if (named && got) {
        out.emplace(name, std::move(*got));
      } else {
        whole = false;
      }
    }
    if (!whole) return std::nullopt;
    return out;
  };
  return shape;
}

/// A list whose brackets may be left out when it has one element: `200` for `[200]`.
template <class T>
Shape<std::vector<T>> one_or_list(Shape<T> element) {
  auto many = list(element, 1);
  Shape<std::vector<T>> shape;
  shape.schema = {{"anyOf", Json::array({element.schema, many.schema})}};
  shape.write = many.write;
  shape.read = [read_one = element.read, read_many = many.read](const Json& value,
                                                                const Cursor& cursor) -> std::optional<std::vector<T>> {
    if (value.is_array()) return read_many(value, cursor);
    auto got = read_one(value, cursor);
    if (!got) return std::nullopt;
    return std::vector<T>{std::move(*got)};
  };
  return shape;
}

/// Another type with the same text on the wire: `to` may report a fault and return nothing.
template <class T, class U>
Shape<T> converted(Shape<U> wire, std::function<std::optional<T>(const U&, const Cursor&)> to,
                   std::function<U(const T&)> from) {
  Shape<T> shape;
  shape.schema = wire.schema;
  shape.read = [read = wire.read, to](const Json& value, const Cursor& cursor) -> std::optional<T> {
    const auto got = read(value, cursor);
    if (!got) return std::nullopt;
    return to(*got, cursor);
  };
  shape.write = [write = wire.write, from](const T& value) { return write(from(value)); };
  return shape;
}

// --- objects ---------------------------------------------------------------------------------------------------------

namespace detail {
template <class M>
struct Content {
  using type = M;
};
template <class M>
struct Content<std::optional<M>> {
  using type = M;
};
template <class M>
struct Content<Box<M>> {
  using type = M;
};
/// Reports keys of `value` that are not in `known`.
bool only_known_keys(const Json& value, const std::vector<std::string>& known, const Cursor& cursor);
}  // namespace detail

template <class T>
class Object {
 public:
  explicit Object(const std::string& help) {
    schema_ = {{"type", "object"}, {"additionalProperties", false}, {"properties", Json::object()}};
    if (!help.empty()) schema_["description"] = help;
  }

  template <class M>
  Object&& field(const std::string& name, M T::*member, Shape<typename detail::Content<M>::type> shape,
                 const std::string& help) && {
    add(name, member, std::move(shape), help, false);
    return std::move(*this);
  }
  template <class M>
  Object&& required(const std::string& name, M T::*member, Shape<typename detail::Content<M>::type> shape,
                    const std::string& help) && {
    add(name, member, std::move(shape), help, true);
    return std::move(*this);
  }
  /// A rule over several fields, run when each of them read well; reports to the cursor and returns false to refuse.
  Object&& check(std::function<bool(const T&, const Cursor&)> rule) && {
    checks_.push_back(std::move(rule));
    return std::move(*this);
  }
  /// Further JSON Schema keywords that say what the checks say, so that editors know it too.
  Object&& schema_also(const Json& keywords) && {
    schema_.update(keywords);
    return std::move(*this);
  }

  Shape<T> build() && {
    Shape<T> shape;
    schema_["required"] = required_;
    if (required_.empty()) schema_.erase("required");
    shape.schema = schema_;
    shape.write = [fields = fields_](const T& value) {
      Json out = Json::object();
      for (const auto& field : fields) field.write(value, out);
      return out;
    };
    shape.read = [fields = std::move(fields_), known = std::move(known_), checks = std::move(checks_)](
                     const Json& value, const Cursor& cursor) -> std::optional<T> {
      if (!value.is_object()) {
        cursor.fault(describe(value), "an object");
        return std::nullopt;
      }
      bool whole = detail::only_known_keys(value, known, cursor);
      T out{};
      for (const auto& field : fields) whole = field.read(value, cursor, out) && whole;
      if (!whole) return std::nullopt;
      for (const auto& check : checks) whole = check(out, cursor) && whole;
      if (!whole) return std::nullopt;
      return out;
    };
    return shape;
  }

 private:
  struct Field {
    std::function<bool(const Json&, const Cursor&, T&)> read;
    std::function<void(const T&, Json&)> write;
  };

  template <class M>
  void add(const std::string& name, M T::*member, Shape<typename detail::Content<M>::type> shape,
           const std::string& help, bool required) {
    constexpr bool optional = !std::is_same_v<M, typename detail::Content<M>::type>;
    Json schema = shape.schema;
    schema["description"] = help;
    if constexpr (!optional) {
      if (!required) schema["default"] = shape.write(T{}.*member);
    }
    schema_["properties"][name] = std::move(schema);
    if (required) required_.push_back(name);
    known_.push_back(name);
    fields_.push_back(
        {[name, member, read_member = shape.read, required](const Json& value, const Cursor& cursor, T& out) {
           const auto found = value.find(name);
           if (found == value.end()) {
             if (required) cursor.fault("no \"" + name + "\", which is required", {});
             return !required;
           }
           auto got = read_member(*found, cursor.at(name));
           if (got) out.*member = std::move(*got);
           return got.has_value();
         },
         [name, member, write_member = shape.write](const T& value, Json& out) {
           if constexpr (optional) {
             if (value.*member) out[name] = write_member(*(value.*member));
           } else {
             out[name] = write_member(value.*member);
           }
         }});
  }

  Json schema_;
  std::vector<std::string> required_;
  std::vector<std::string> known_;
  std::vector<Field> fields_;
  std::vector<std::function<bool(const T&, const Cursor&)>> checks_;
};

/// Starts the description of an object that is read into a T.
template <class T>
Object<T> object(const std::string& help = {}) {
  return Object<T>(help);
}

}  // namespace outaged::json
