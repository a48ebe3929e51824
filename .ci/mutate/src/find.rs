//! The changes of one file: what stands where, and what stands there instead. Knows the syntax and no types.

use proc_macro2::Span;
use std::{collections::BTreeMap, ops::Range};
use syn::{
    Arm, Attribute, BinOp, Block, Expr, ExprBinary, ExprUnary, Ident, ImplItemFn, ItemFn, ItemMod, Pat,
    ReturnType, Signature, Type, UnOp, spanned::Spanned, visit::Visit,
};

/// One change.
pub struct Mutant {
    pub number: u32,
    pub line: usize,
    pub kind: &'static str,
    /// As a person reads it.
    pub change: String,
    pub how: How,
}

/// Where a change stands, in bytes of the file, and what it makes of what is there.
pub enum How {
    /// `left OP right` becomes `left INSTEAD right`.
    Binary {
        whole: Range<usize>,
        left: Range<usize>,
        right: Range<usize>,
        op: &'static str,
        instead: &'static str,
    },
    /// The operator in front goes.
    Unary { whole: Range<usize>, inner: Range<usize>, op: &'static str },
    /// An arm is passed over: its guard, if it has one, never holds; or always, if `always`.
    Arm { after_pattern: usize, guard: Option<Range<usize>>, always: bool },
    /// A constant is a little more under this number, and a little less under the next.
    Constant { whole: Range<usize>, more: u32, kind: &'static str },
    /// A body answers this at once.
    Body { at: usize, answer: String },
}

/// By name: the number under which it is more, and its smallest step.
pub type Constants = BTreeMap<String, (u32, &'static str)>;

/// Lengths of time that stand in a file: name, line, smallest step.
pub fn constants(file: &syn::File) -> Vec<(String, usize, &'static str)> {
    let lengths = file.items.iter().filter_map(|item| {
        let syn::Item::Const(it) = item else { return None };
        let name = it.ident.to_string();
        let Type::Path(of) = &*it.ty else { return None };
        let kind = match of.path.segments.last()?.ident.to_string().as_str() {
            "SignedDuration" => "second",
            "i64" if name.ends_with("_DAYS") => "day",
            _ => return None,
        };
        Some((name, it.ident.span().start().line, kind))
    });
    lengths.collect()
}

pub fn mutants(
    file: &syn::File,
    source: &str,
    is_changed: bool,
    constants: &Constants,
    next: &mut u32,
) -> Vec<Mutant> {
    let mut finder = Finder { source, is_changed, constants, next, found: Vec::new(), name: String::new() };
    finder.visit_file(file);
    finder.found
}

struct Finder<'a> {
    source: &'a str,
    is_changed: bool,
    constants: &'a Constants,
    next: &'a mut u32,
    found: Vec<Mutant>,
    /// The function that is looked through.
    name: String,
}

impl Finder<'_> {
    fn add(&mut self, at: Span, kind: &'static str, change: String, how: How) {
        if !self.is_changed {
            return;
        }
        let number = *self.next;
        *self.next += 1;
        self.found.push(Mutant { number, line: at.start().line, kind, change, how });
    }

    fn text(&self, range: &Range<usize>) -> String {
        let text = self.source[range.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().count() > 60 {
            format!("{}…", text.chars().take(59).collect::<String>())
        } else {
            text
        }
    }

    fn function(&mut self, attrs: &[Attribute], sig: &Signature, body: &Block) {
        if sig.constness.is_some() || is_test(attrs) {
            return;
        }
        let outer = std::mem::replace(&mut self.name, sig.ident.to_string());
        let at = body.brace_token.span.open().byte_range().end;
        if !body.stmts.is_empty() {
            for answer in answers(&sig.output) {
                let change = format!("{} answers {answer}", self.name);
                self.add(sig.ident.span(), "answer", change, How::Body { at, answer });
            }
        }
        syn::visit::visit_block(self, body);
        self.name = outer;
    }

    fn binary(&mut self, it: &ExprBinary) {
        let Some((op, instead)) = neighbours(&it.op) else { return };
        if has_let(&it.left) || has_let(&it.right) {
            return;
        }
        let (whole, left, right) = (range(it), range(&*it.left), range(&*it.right));
        for instead in instead {
            let kind = if matches!(op, "<" | "<=" | ">" | ">=") { "comparison" } else { "operator" };
            let change = format!("{} {op} → {instead}", self.text(&whole));
            let how =
                How::Binary { whole: whole.clone(), left: left.clone(), right: right.clone(), op, instead };
            self.add(it.op.span(), kind, change, how);
        }
    }

    fn unary(&mut self, it: &ExprUnary) {
        let op = match it.op {
            UnOp::Not(_) => "!",
            UnOp::Neg(_) => "-",
            _ => return,
        };
        let (whole, inner) = (range(it), range(&*it.expr));
        let change = format!("{} without {op}", self.text(&whole));
        self.add(it.span(), "operator", change, How::Unary { whole, inner, op });
    }

    fn arms(&mut self, arms: &[Arm]) {
        let has_wildcard = arms.iter().any(|arm| matches!(arm.pat, Pat::Wild(_)) && arm.guard.is_none());
        for arm in arms {
            let guard = arm.guard.as_ref().map(|(_, guard)| range(&**guard));
            if arm.guard.as_ref().is_some_and(|(_, guard)| has_let(guard)) || is_test(&arm.attrs) {
                continue;
            }
            let (pattern, after_pattern) = (self.text(&range(&arm.pat)), range(&arm.pat).end);
            if guard.is_some() {
                let change = format!("{pattern} whatever its guard says");
                self.add(
                    arm.pat.span(),
                    "arm",
                    change,
                    How::Arm { after_pattern, guard: guard.clone(), always: true },
                );
            }
            if guard.is_some() || (has_wildcard && !matches!(arm.pat, Pat::Wild(_))) {
                let change = format!("{pattern} passed over");
                self.add(arm.pat.span(), "arm", change, How::Arm { after_pattern, guard, always: false });
            }
        }
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_mod(&mut self, it: &'ast ItemMod) {
        if !is_test(&it.attrs) {
            syn::visit::visit_item_mod(self, it);
        }
    }

    fn visit_item_fn(&mut self, it: &'ast ItemFn) {
        self.function(&it.attrs, &it.sig, &it.block);
    }

    fn visit_impl_item_fn(&mut self, it: &'ast ImplItemFn) {
        self.function(&it.attrs, &it.sig, &it.block);
    }

    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}
    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}
    fn visit_expr_const(&mut self, _: &'ast syn::ExprConst) {}
    fn visit_type(&mut self, _: &'ast Type) {}
    fn visit_pat(&mut self, _: &'ast Pat) {}
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_expr(&mut self, it: &'ast Expr) {
        match it {
            Expr::Binary(it) => self.binary(it),
            Expr::Unary(it) => self.unary(it),
            Expr::Match(it) => self.arms(&it.arms),
            Expr::Path(it) => {
                let name = it.path.segments.last().map(|it| it.ident.to_string()).unwrap_or_default();
                if let Some(&(more, kind)) = self.constants.get(&name) {
                    let how = How::Constant { whole: range(it), more, kind };
                    self.found.push(Mutant { number: more, line: 0, kind: "use", change: name, how });
                }
            }
            Expr::Repeat(it) => return self.visit_expr(&it.expr),
            _ => {}
        }
        syn::visit::visit_expr(self, it);
    }
}

fn range(it: &impl Spanned) -> Range<usize> {
    it.span().byte_range()
}

fn is_test(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| {
        let path = attr.path().segments.last().map(|it| it.ident.to_string()).unwrap_or_default();
        path == "test"
            || (path == "cfg"
                && attr.meta.require_list().is_ok_and(|it| it.tokens.to_string().contains("test")))
    })
}

/// `let` in a condition: such conditions cannot be put into brackets.
fn has_let(it: &Expr) -> bool {
    match it {
        Expr::Let(_) => true,
        Expr::Binary(it) => has_let(&it.left) || has_let(&it.right),
        _ => false,
    }
}

fn neighbours(op: &BinOp) -> Option<(&'static str, &'static [&'static str])> {
    Some(match op {
        BinOp::Lt(_) => ("<", &["<=", "==", ">"]),
        BinOp::Le(_) => ("<=", &["<", ">"]),
        BinOp::Gt(_) => (">", &[">=", "==", "<"]),
        BinOp::Ge(_) => (">=", &[">", "<"]),
        BinOp::Eq(_) => ("==", &["!="]),
        BinOp::Ne(_) => ("!=", &["=="]),
        BinOp::And(_) => ("&&", &["||"]),
        BinOp::Or(_) => ("||", &["&&"]),
        BinOp::Add(_) => ("+", &["-", "*"]),
        BinOp::Sub(_) => ("-", &["+", "/"]),
        BinOp::Mul(_) => ("*", &["+", "/"]),
        BinOp::Div(_) => ("/", &["%", "*"]),
        BinOp::Rem(_) => ("%", &["/", "+"]),
        BinOp::BitAnd(_) => ("&", &["|", "^"]),
        BinOp::BitOr(_) => ("|", &["&", "^"]),
        BinOp::BitXor(_) => ("^", &["|", "&"]),
        BinOp::Shl(_) => ("<<", &[">>"]),
        BinOp::Shr(_) => (">>", &["<<"]),
        BinOp::AddAssign(_) => ("+=", &["-=", "*="]),
        BinOp::SubAssign(_) => ("-=", &["+=", "/="]),
        BinOp::BitAndAssign(_) => ("&=", &["|="]),
        BinOp::BitOrAssign(_) => ("|=", &["&="]),
        BinOp::BitXorAssign(_) => ("^=", &["|=", "&="]),
        _ => return None,
    })
}

/// What a function could answer without having looked at anything.
fn answers(output: &ReturnType) -> Vec<String> {
    let ReturnType::Type(_, of) = output else { return vec!["()".to_owned()] };
    of_type(of)
}

fn of_type(of: &Type) -> Vec<String> {
    let owned = |texts: &[&str]| texts.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    match of {
        Type::Tuple(it) if it.elems.is_empty() => owned(&["()"]),
        Type::Reference(it) => match &*it.elem {
            Type::Path(path) if path.path.is_ident("str") => owned(&["\"\"", "\"xyzzy\""]),
            Type::Slice(_) if it.mutability.is_none() => owned(&["&[]"]),
            _ => Vec::new(),
        },
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else { return Vec::new() };
            of_name(&last.ident, first_argument(&last.arguments))
        }
        Type::ImplTrait(_) | Type::Never(_) => Vec::new(),
        _ => owned(&["Default::default()"]),
    }
}

fn of_name(name: &Ident, inner: Option<&Type>) -> Vec<String> {
    let within = |wrap: &str| match inner {
        Some(inner) => of_type(inner).into_iter().map(|it| format!("{wrap}({it})")).collect(),
        None => Vec::new(),
    };
    match name.to_string().as_str() {
        "bool" => vec!["true".to_owned(), "false".to_owned()],
        "u8" | "u16" | "u32" | "u64" | "usize" => vec!["0".to_owned(), "1".to_owned()],
        "i8" | "i16" | "i32" | "i64" | "isize" => vec!["0".to_owned(), "1".to_owned(), "-1".to_owned()],
        "String" | "Text" => vec!["\"\".into()".to_owned(), "\"xyzzy\".into()".to_owned()],
        "Vec" => vec!["Vec::new()".to_owned()],
        "Option" => {
            let mut all = vec!["None".to_owned()];
            all.extend(within("Some"));
            all
        }
        "Result" => within("Ok"),
        "Ordering" => {
            ["Less", "Greater", "Equal"].iter().map(|it| format!("std::cmp::Ordering::{it}")).collect()
        }
        _ => vec!["Default::default()".to_owned()],
    }
}

fn first_argument(arguments: &syn::PathArguments) -> Option<&Type> {
    let syn::PathArguments::AngleBracketed(it) = arguments else { return None };
    it.args.iter().find_map(|it| match it {
        syn::GenericArgument::Type(it) => Some(it),
        _ => None,
    })
}
