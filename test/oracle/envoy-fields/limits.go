package main

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// What protoc-gen-validate's annotation asks of the field, as far as src/mesh/envoy/fields/field-limits.ts judges it: "!" = has to be
// there, "+" = not empty, comparisons with a number (seconds of a duration, characters of a text, entries of a list), "#" = a header's name,
// "$" = its value, "~" = either without the strict rules, "?" = unless empty, "%" = each entry once, "^" = true only, "=" one of these, "&" = left, and refused unless somebody
// allows it; behind "," the same for the entries of a list. "!" of an enumeration: one of its numbers.
func limits(f protoreflect.FieldDescriptor) string {
	text := ""
	if boolExtension(f.Options(), "envoy.annotations.disallowed_by_default") {
		text = "&"
	}
	if rules, ok := rulesOf(f); ok {
		text += limitsOf(rules)
	}
	return strings.TrimSuffix(text, ",")
}

func rulesOf(f protoreflect.FieldDescriptor) (protoreflect.Message, bool) {
	var rules protoreflect.Message
	f.Options().ProtoReflect().Range(func(option protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if option.FullName() == "validate.rules" {
			rules = v.Message()
		}
		return true
	})
	return rules, rules != nil
}

var comparisons = map[protoreflect.Name]string{"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}

func limitsOf(rules protoreflect.Message) string {
	text := ""
	rules.Range(func(kind protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if kind.Message() == nil {
			return true
		}
		own := v.Message()
		of := func(name protoreflect.Name) (protoreflect.Value, bool) {
			field := own.Descriptor().Fields().ByName(name)
			if field == nil || !own.Has(field) {
				return protoreflect.Value{}, false
			}
			return own.Get(field), true
		}
		if required, ok := of("required"); ok && required.Bool() {
			text += "!"
		}
		for _, name := range []protoreflect.Name{"gt", "gte", "lt", "lte"} {
			if limit, ok := of(name); ok {
				text += comparisons[name] + numberOf(limit)
			}
		}
		if least, ok := of("min_len"); ok {
			text += atLeast(least.Uint())
		}
		if least, ok := of("min_bytes"); ok {
			text += atLeast(least.Uint())
		}
		if least, ok := of("min_items"); ok {
			text += atLeast(least.Uint())
		}
		if least, ok := of("min_pairs"); ok {
			text += atLeast(least.Uint())
		}
		for _, name := range []protoreflect.Name{"max_len", "max_bytes", "max_items", "max_pairs"} {
			if most, ok := of(name); ok {
				text += fmt.Sprintf("<=%d", most.Uint())
			}
		}
		if _, ok := of("const"); ok {
			text += "^"
		}
		if defined, ok := of("defined_only"); ok && defined.Bool() {
			text += "!"
		}
		if known, ok := of("well_known_regex"); ok && (known.Enum() == 1 || known.Enum() == 2) {
			if strict, ok := of("strict"); ok && !strict.Bool() {
				text += "~"
			} else if known.Enum() == 1 {
				text += "#"
			} else {
				text += "$"
			}
		}
		if kind.Name() == "string" {
			if among, ok := of("in"); ok {
				words := []string{}
				for i := 0; i < among.List().Len(); i++ {
					words = append(words, among.List().Get(i).String())
				}
				text += "=" + strings.Join(words, "|")
			}
		}
		if unless, ok := of("ignore_empty"); ok && unless.Bool() {
			text += "?"
		}
		if unique, ok := of("unique"); ok && unique.Bool() {
			text += "%"
		}
		if below, ok := of("items"); ok {
			text += "," + limitsOf(below.Message())
		}
		return true
	})
	return text
}

func atLeast(n uint64) string {
	if n == 1 {
		return "+"
	}
	return fmt.Sprintf(">=%d", n)
}

// Of a duration: seconds.
func numberOf(v protoreflect.Value) string {
	duration, ok := v.Interface().(protoreflect.Message)
	if !ok {
		return fmt.Sprint(v.Interface())
	}
	fields := duration.Descriptor().Fields()
	seconds := float64(duration.Get(fields.ByName("seconds")).Int()) + float64(duration.Get(fields.ByName("nanos")).Int())/1e9
	return fmt.Sprint(seconds)
}
