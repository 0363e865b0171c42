//! JSON, strictly: no comments, no doubled keys, nothing behind the end.

const DEEPEST: usize = 64;

#[derive(Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub fn parse(text: &str) -> Result<Json, String> {
        let mut parser = Parser { text, at: 0 };
        let value = parser.value(0)?;
        parser.space();
        if parser.at < text.len() {
            return Err(parser.expected("the end"));
        }
        Ok(value)
    }

    pub fn find(&self, key: &str) -> Option<&Json> {
        let members = self.members().ok()?;
        members.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    pub fn get(&self, key: &str) -> Result<&Json, String> {
        self.find(key).ok_or_else(|| format!("the field '{key}' is missing"))
    }

    pub fn members(&self) -> Result<&[(String, Json)], String> {
        match self {
            Json::Object(members) => Ok(members),
            other => Err(format!("expected an object, found {other:?}")),
        }
    }

    pub fn list(&self) -> Result<&[Json], String> {
        match self {
            Json::List(values) => Ok(values),
            other => Err(format!("expected a list, found {other:?}")),
        }
    }

    pub fn text(&self) -> Result<&str, String> {
        match self {
            Json::Text(text) => Ok(text),
            other => Err(format!("expected a string, found {other:?}")),
        }
    }

    /// A whole number that a double holds exactly.
    pub fn whole(&self) -> Result<i64, String> {
        match self {
            Json::Number(x) if x.fract() == 0.0 && x.abs() < 9e15 => Ok(*x as i64),
            other => Err(format!("expected a whole number, found {other:?}")),
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn value(&mut self, depth: usize) -> Result<Json, String> {
        if depth > DEEPEST {
            return Err(format!("nested deeper than {DEEPEST} at byte {}", self.at));
        }
        self.space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ if self.skip("true") => Ok(Json::Bool(true)),
            _ if self.skip("false") => Ok(Json::Bool(false)),
            _ if self.skip("null") => Ok(Json::Null),
            _ => Err(self.expected("a value")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, String> {
        self.at += 1;
        let mut members: Vec<(String, Json)> = Vec::new();
        while !self.closes("}", members.is_empty())? {
            self.space();
            let key = self.string()?;
            if members.iter().any(|(name, _)| *name == key) {
                return Err(format!("the key '{key}' stands twice, at byte {}", self.at));
            }
            self.space();
            if !self.skip(":") {
                return Err(self.expected("':'"));
            }
            members.push((key, self.value(depth + 1)?));
        }
        Ok(Json::Object(members))
    }

    fn list(&mut self, depth: usize) -> Result<Json, String> {
        self.at += 1;
        let mut values = Vec::new();
        while !self.closes("]", values.is_empty())? {
            values.push(self.value(depth + 1)?);
        }
        Ok(Json::List(values))
    }

    /// Steps over the bracket, or over the comma that must stand between two values.
    fn closes(&mut self, bracket: &str, first: bool) -> Result<bool, String> {
        self.space();
        if self.skip(bracket) {
            return Ok(true);
        }
        if first || self.skip(",") {
            return Ok(false);
        }
        Err(self.expected(&format!("',' or '{bracket}'")))
    }

    fn string(&mut self) -> Result<String, String> {
        if !self.skip("\"") {
            return Err(self.expected("'\"'"));
        }
        let mut string = String::new();
        loop {
            let c = self.text[self.at..].chars().next().filter(|&c| c >= ' ');
            let c = c.ok_or_else(|| self.expected("the end of the string"))?;
            self.at += c.len_utf8();
            match c {
                '"' => return Ok(string),
                '\\' => string.push(self.escaped()?),
                _ => string.push(c),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, String> {
        const PLAIN: [(&str, char); 8] = [
            ("\"", '"'),
            ("\\", '\\'),
            ("/", '/'),
            ("b", '\u{8}'),
            ("f", '\u{c}'),
            ("n", '\n'),
            ("r", '\r'),
            ("t", '\t'),
        ];
        for (escape, c) in PLAIN {
            if self.skip(escape) {
                return Ok(c);
            }
        }
        let high = self.unit()?;
        let pair = (0xD800..0xDC00).contains(&high) && self.skip("\\");
        let code = match pair.then(|| self.unit()).transpose()? {
            Some(low @ 0xDC00..=0xDFFF) => 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00),
            Some(_) => return Err(self.expected("the second half of a surrogate pair")),
            None => high,
        };
        char::from_u32(code).ok_or_else(|| self.expected("the second half of a surrogate pair"))
    }

    fn unit(&mut self) -> Result<u32, String> {
        let hex = self.text.get(self.at + 1..self.at + 5);
        let hex = hex.filter(|hex| hex.bytes().all(|c| c.is_ascii_hexdigit()));
        let unit = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok());
        match unit.filter(|_| self.peek() == Some(b'u')) {
            Some(unit) => {
                self.at += 5;
                Ok(unit)
            }
            None => Err(self.expected("an escape")),
        }
    }

    fn number(&mut self) -> Result<Json, String> {
        let start = self.at;
        self.skip("-");
        if !self.skip("0") {
            self.digits()?;
        }
        if self.skip(".") {
            self.digits()?;
        }
        if self.skip("e") || self.skip("E") {
            let _ = self.skip("+") || self.skip("-");
            self.digits()?;
        }
        let number = &self.text[start..self.at];
        let value = number.parse().map_err(|_| format!("'{number}' is no number"))?;
        Ok(Json::Number(value))
    }

    fn digits(&mut self) -> Result<(), String> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > start {
            Ok(())
        } else {
            Err(self.expected("a digit"))
        }
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self, token: &str) -> bool {
        let there = self.text.as_bytes()[self.at..].starts_with(token.as_bytes());
        if there {
            self.at += token.len();
        }
        there
    }

    fn expected(&self, what: &str) -> String {
        format!("expected {what} at byte {}", self.at)
    }
}
